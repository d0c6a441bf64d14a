//! Letters of blocks, for a small screen that is read from across the room.
//!
//! A letter is five by seven dots; a dot is half a character high (`▀`, `▄`, `█`, which the Linux console's own font has), so
//! that it is about square. On the common 7-inch screen (100 columns, 154 mm) a letter is 11 mm high, which is what reading
//! at two metres takes.

const WIDTH: usize = 5;
const HEIGHT: usize = 7;

/// The lines as large as they fit into so many columns and rows, each followed by a line of room.
pub(super) fn large(lines: &[String], columns: usize, rows: usize) -> Vec<String> {
    let longest = lines.iter().map(|line| line.chars().count()).max();
    let wide = (longest.unwrap_or(0) * (WIDTH + 1)).max(1);
    let fits =
        |scale: usize| wide * scale <= columns + scale && lines.len() * height(scale) <= rows;
    let scale = (1..=8).rev().find(|&scale| fits(scale)).unwrap_or(1);
    lines.iter().flat_map(|line| draw(line, scale)).collect()
}

/// Rows of the screen that a line takes, with the room under it.
fn height(scale: usize) -> usize {
    (HEIGHT * scale).div_ceil(2) + 1
}

fn draw(line: &str, scale: usize) -> Vec<String> {
    let dot = |x: usize, y: usize| {
        let (x, y) = (x / scale, y / scale);
        let letter = line.chars().nth(x / (WIDTH + 1));
        let row = letter.and_then(|letter| glyph(letter).get(y).copied());
        let column = x % (WIDTH + 1);
        column < WIDTH && row.is_some_and(|row| row >> (WIDTH - 1 - column) & 1 == 1)
    };
    let columns = line.chars().count() * (WIDTH + 1) * scale;
    let mut drawn: Vec<String> = (0..(HEIGHT * scale).div_ceil(2))
        .map(|row| {
            let text: String = (0..columns)
                .map(|x| match (dot(x, row * 2), dot(x, row * 2 + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                })
                .collect();
            text.trim_end().to_owned()
        })
        .collect();
    drawn.push(String::new());
    drawn
}

#[rustfmt::skip]
fn glyph(letter: char) -> [u8; HEIGHT] {
    match letter {
        'A' => [0b01110, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'B' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10001, 0b10001, 0b11110],
        'C' => [0b01110, 0b10001, 0b10000, 0b10000, 0b10000, 0b10001, 0b01110],
        'D' => [0b11110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b11110],
        'E' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b11111],
        'F' => [0b11111, 0b10000, 0b10000, 0b11110, 0b10000, 0b10000, 0b10000],
        'G' => [0b01110, 0b10001, 0b10000, 0b10111, 0b10001, 0b10001, 0b01110],
        'H' => [0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001],
        'I' => [0b01110, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        'J' => [0b00111, 0b00010, 0b00010, 0b00010, 0b00010, 0b10010, 0b01100],
        'K' => [0b10001, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010, 0b10001],
        'L' => [0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b10000, 0b11111],
        'M' => [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        'N' => [0b10001, 0b11001, 0b10101, 0b10011, 0b10001, 0b10001, 0b10001],
        'O' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'P' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000],
        'Q' => [0b01110, 0b10001, 0b10001, 0b10001, 0b10101, 0b10010, 0b01101],
        'R' => [0b11110, 0b10001, 0b10001, 0b11110, 0b10100, 0b10010, 0b10001],
        'S' => [0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110],
        'T' => [0b11111, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100, 0b00100],
        'U' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110],
        'V' => [0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        'W' => [0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001],
        'X' => [0b10001, 0b10001, 0b01010, 0b00100, 0b01010, 0b10001, 0b10001],
        'Y' => [0b10001, 0b10001, 0b01010, 0b00100, 0b00100, 0b00100, 0b00100],
        'Z' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0b11111],
        '0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        '3' => [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
        '4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b01110, 0b10000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b00100, 0b00100, 0b00100],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00001, 0b01110],
        ':' => [0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000],
        '%' => [0b11001, 0b11001, 0b00010, 0b00100, 0b01000, 0b10011, 0b10011],
        '.' => [0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b00100, 0b00100],
        '-' => [0b00000, 0b00000, 0b00000, 0b01110, 0b00000, 0b00000, 0b00000],
        _ => [0; HEIGHT],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_drawn_in_half_blocks() {
        let lines = vec!["HI".to_owned()];
        assert_eq!(
            large(&lines, 12, 5),
            ["█   █  ▀█▀", "█▄▄▄█   █", "█   █   █", "▀   ▀  ▀▀▀", ""]
        );
    }

    #[test]
    fn letters_grow_with_the_screen_and_never_leave_it() {
        let lines = vec!["NOT CONNECTED".to_owned(), "SINCE 10:42".to_owned()];
        for (columns, rows) in [(80, 24), (100, 30), (160, 48), (240, 67)] {
            let drawn = large(&lines, columns, rows);
            assert!(drawn.len() <= rows);
            assert!(drawn.iter().all(|line| line.chars().count() <= columns));
        }
        assert!(large(&lines, 240, 67).len() > large(&lines, 80, 24).len());
    }

    #[test]
    fn every_character_of_the_words_has_a_shape_of_its_own() {
        let all = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:%.-";
        let shapes: std::collections::HashSet<_> = all.chars().map(glyph).collect();
        assert_eq!(shapes.len(), all.len());
        assert!(!shapes.contains(&[0; HEIGHT]));
    }
}
