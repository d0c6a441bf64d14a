//! Text, lines and boxes on sheets of A4 as a PDF that carries its own letters: it prints the same on any machine, and a
//! name is printed as its owner writes it.

mod font;

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

pub(super) use font::{FontFault, Fonts, Weight};

/// A4, lying, in points of a 72nd of an inch.
pub(super) const WIDTH: f32 = 842.0;
/// Its height.
pub(super) const HEIGHT: f32 = 595.0;

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const INFO: Ref = Ref::new(3);
const FIRST_FREE: i32 = 4;

/// Sheets that are being written. `y` counts from the top of a sheet down, as one reads.
pub(super) struct Sheets {
    pub(super) fonts: Fonts,
    pages: Vec<Content>,
}

impl Sheets {
    pub(super) fn new() -> Result<Self, FontFault> {
        Ok(Self {
            fonts: Fonts::new()?,
            pages: Vec::new(),
        })
    }

    /// Begins the next sheet.
    pub(super) fn turn(&mut self) {
        self.pages.push(Content::new());
    }

    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.pages.len()
    }

    /// One line of text on a sheet, counted from nought; its letters stand on `y`.
    pub(super) fn text(
        &mut self,
        page: usize,
        (x, y): (f32, f32),
        size: f32,
        weight: Weight,
        text: &str,
    ) {
        let glyphs = self.fonts.glyphs(weight, text);
        let Some(page) = self.pages.get_mut(page).filter(|_| !glyphs.is_empty()) else {
            return;
        };
        page.begin_text()
            .set_font(Name(weight.resource()), size)
            .next_line(x, HEIGHT - y)
            .show(Str(&glyphs))
            .end_text();
    }

    /// A grey band across the sheet, to be written on.
    pub(super) fn band(&mut self, page: usize, (x, y): (f32, f32), width: f32, height: f32) {
        if let Some(page) = self.pages.get_mut(page) {
            page.save_state()
                .set_fill_gray(0.9)
                .rect(x, HEIGHT - y - height, width, height)
                .fill_nonzero()
                .restore_state();
        }
    }

    /// A thin line across the sheet.
    pub(super) fn rule(&mut self, page: usize, (x, y): (f32, f32), width: f32) {
        if let Some(page) = self.pages.get_mut(page) {
            page.set_line_width(0.5)
                .move_to(x, HEIGHT - y)
                .line_to(x + width, HEIGHT - y)
                .stroke();
        }
    }

    /// The file.
    pub(super) fn finish(self, title: &str) -> Result<Vec<u8>, FontFault> {
        let mut pdf = Pdf::new();
        let mut free = FIRST_FREE..;
        let mut next = || Ref::new(free.next().unwrap_or(i32::MAX));
        pdf.catalog(CATALOG).pages(PAGES).lang(TextStr("en-GB"));
        pdf.document_info(INFO).title(TextStr(title));
        let fonts = self.fonts.write(&mut pdf, &mut next)?;
        let mut kids = Vec::new();
        for content in self.pages {
            let (page, stream) = (next(), next());
            kids.push(page);
            let mut writer = pdf.page(page);
            writer
                .media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT))
                .parent(PAGES)
                .contents(stream);
            let mut resources = writer.resources();
            let mut named = resources.fonts();
            for (weight, font) in &fonts {
                named.pair(Name(weight.resource()), *font);
            }
            named.finish();
            resources.finish();
            writer.finish();
            pdf.stream(stream, &content.finish());
        }
        let count = i32::try_from(kids.len()).unwrap_or(i32::MAX);
        pdf.pages(PAGES).kids(kids).count(count);
        Ok(pdf.finish())
    }
}
