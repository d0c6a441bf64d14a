//! From rows of cells to sheets: text is wrapped, a row stays together where a sheet has room for it, and every sheet says
//! of which ward and of when it is.

use super::pdf::{FontFault, HEIGHT, Sheets, WIDTH, Weight};

const MARGIN: f32 = 30.0;
const GAP: f32 = 8.0;
const TOP: f32 = 62.0;
const BOTTOM: f32 = HEIGHT - 34.0;
const INSIDE: f32 = WIDTH - 2.0 * MARGIN;
/// Of most letters, in points.
const SIZE: f32 = 8.5;
/// From one line to the next, for each point of the letters' size.
const LEADING: f32 = 1.25;

/// A paragraph of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) words: String,
    pub(super) size: f32,
    pub(super) weight: Weight,
}

/// As most of it is written.
pub(super) fn plain(words: impl Into<String>) -> Text {
    Text {
        words: words.into(),
        size: SIZE,
        weight: Weight::Plain,
    }
}

/// What is found at a glance.
pub(super) fn bold(words: impl Into<String>, size: f32) -> Text {
    Text {
        words: words.into(),
        size,
        weight: Weight::Bold,
    }
}

/// One cell of a row: its paragraphs.
pub(super) type Cell = Vec<Text>;

/// What every sheet says of itself.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) warning: String,
    pub(super) footer: String,
}

/// Sheets being filled from top to bottom.
pub(super) struct Layout {
    sheets: Sheets,
    head: Head,
    y: f32,
}

impl Layout {
    pub(super) fn new(head: Head) -> Result<Self, FontFault> {
        let mut layout = Self {
            sheets: Sheets::new()?,
            head,
            y: TOP,
        };
        layout.turn();
        Ok(layout)
    }

    fn page(&self) -> usize {
        self.sheets.count().saturating_sub(1)
    }

    fn turn(&mut self) {
        self.sheets.turn();
        let page = self.page();
        self.y = TOP;
        self.sheets
            .text(page, (MARGIN, 30.0), 13.0, Weight::Bold, &self.head.title);
        self.sheets.text(
            page,
            (MARGIN, 43.0),
            SIZE,
            Weight::Plain,
            &self.head.warning,
        );
        self.sheets.rule(page, (MARGIN, 49.0), INSIDE);
    }

    /// A heading over what follows, never alone at the foot of a sheet.
    pub(super) fn heading(&mut self, words: &str) {
        if self.y + 70.0 > BOTTOM {
            self.turn();
        }
        let page = self.page();
        self.sheets
            .band(page, (MARGIN, self.y - 10.0), INSIDE, 15.0);
        self.sheets.text(
            page,
            (MARGIN + 4.0, self.y + 1.0),
            10.0,
            Weight::Bold,
            words,
        );
        self.y += 17.0;
    }

    /// A line across all columns.
    pub(super) fn note(&mut self, text: Text) {
        self.row(&[1.0], vec![vec![text]]);
    }

    /// A row of cells; `shares` says how the width is divided.
    pub(super) fn row(&mut self, shares: &[f32], cells: Vec<Cell>) {
        let whole: f32 = shares.iter().sum();
        let widths: Vec<f32> = shares.iter().map(|share| INSIDE * share / whole).collect();
        let mut columns = Vec::new();
        let mut x = MARGIN;
        for (cell, width) in cells.into_iter().zip(&widths) {
            columns.push((x, self.wrapped(&cell, width - GAP)));
            x += width;
        }
        let height = columns
            .iter()
            .map(|(_, lines)| height(lines))
            .fold(0.0, f32::max);
        if self.y + height > BOTTOM && height < BOTTOM - TOP {
            self.turn();
        }
        self.write(columns);
        self.y += 3.0;
        let page = self.page();
        self.sheets.rule(page, (MARGIN, self.y - 8.0), INSIDE);
        self.y += 4.0;
    }

    /// Writes columns side by side. One that is longer than a sheet goes on on the next.
    fn write(&mut self, columns: Vec<(f32, Vec<Text>)>) {
        let mut columns: Vec<_> = columns
            .into_iter()
            .map(|(x, lines)| (x, lines.into_iter().peekable()))
            .collect();
        loop {
            let (page, top) = (self.page(), self.y);
            let mut lowest = top;
            for (x, lines) in &mut columns {
                let mut y = top;
                while let Some(line) = lines.next_if(|line| y + leading(line) <= BOTTOM) {
                    // Large letters stand lower, so that all reach equally high.
                    let place = (*x, y + line.size - SIZE);
                    self.sheets
                        .text(page, place, line.size, line.weight, &line.words);
                    y += leading(&line);
                }
                lowest = lowest.max(y);
            }
            self.y = lowest;
            if columns.iter_mut().all(|(_, lines)| lines.peek().is_none()) {
                return;
            }
            self.turn();
        }
    }

    fn wrapped(&self, cell: &[Text], width: f32) -> Vec<Text> {
        let paragraphs = cell.iter().filter(|text| !text.words.trim().is_empty());
        paragraphs
            .flat_map(|text| {
                let measure = |words: &str| self.sheets.fonts.width(text.weight, text.size, words);
                wrap(&text.words, width, measure)
                    .into_iter()
                    .map(|words| Text {
                        words,
                        ..text.clone()
                    })
            })
            .collect()
    }

    /// The file, each sheet numbered.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, FontFault> {
        let count = self.sheets.count();
        for page in 0..count {
            let number = format!("Page {} of {count}", page + 1);
            let width = self.sheets.fonts.width(Weight::Plain, 8.0, &number);
            self.sheets.text(
                page,
                (MARGIN, HEIGHT - 18.0),
                8.0,
                Weight::Plain,
                &self.head.footer,
            );
            let place = (WIDTH - MARGIN - width, HEIGHT - 18.0);
            self.sheets.text(page, place, 8.0, Weight::Plain, &number);
        }
        self.sheets.finish(&self.head.title)
    }
}

fn leading(line: &Text) -> f32 {
    line.size * LEADING
}

fn height(lines: &[Text]) -> f32 {
    lines.iter().map(leading).sum()
}

/// Lines that fit, broken between words, and inside a word only where it is longer than a line.
fn wrap(words: &str, width: f32, measure: impl Fn(&str) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if measure(&longer) <= width {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if measure(&line) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(&mut line, letter.to_string()));
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_letters(words: &str) -> f32 {
        f32::from(u16::try_from(words.chars().count()).unwrap())
    }

    #[test]
    fn text_is_broken_between_words_and_nothing_of_it_is_lost() {
        assert_eq!(
            wrap("key safe by the side door", 10.0, by_letters),
            ["key safe", "by the", "side door"]
        );
        assert_eq!(
            wrap("Llanfairpwllgwyngyll", 8.0, by_letters),
            ["Llanfair", "pwllgwyn", "gyll"]
        );
        assert_eq!(wrap("  a \n b ", 8.0, by_letters), ["a b"]);
    }

    #[test]
    fn a_row_longer_than_a_sheet_goes_on_on_the_next_and_others_stay_together() {
        let head = || Head {
            title: "T".to_owned(),
            warning: String::new(),
            footer: String::new(),
        };
        let mut layout = Layout::new(head()).unwrap();
        layout.row(&[1.0], vec![vec![plain("line"); 100]]);
        assert_eq!(layout.sheets.count(), 3);
        let mut layout = Layout::new(head()).unwrap();
        for _ in 0..3 {
            layout.row(&[1.0, 2.0], vec![vec![plain("line"); 30], vec![plain("x")]]);
        }
        assert_eq!(layout.sheets.count(), 3);
    }
}
