//! The letters: how wide they are, which were used, and only those go into the file.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;
use ttf_parser::Face;
use unicode_normalization::UnicodeNormalization;

/// Stands for what the font has no letter for.
const UNKNOWN: char = '\u{fffd}';

const IDENTITY: SystemInfo<'_> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Most of it.
    Plain,
    /// Names, phone numbers, what is urgent.
    Bold,
}

impl Weight {
    /// What a sheet calls the font.
    pub(super) const fn resource(self) -> &'static [u8] {
        match self {
            Self::Plain => b"P",
            Self::Bold => b"B",
        }
    }

    /// With the six capitals that mark a font of which a part was taken.
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Plain => b"WARDLI+DejaVuSansCondensed",
            Self::Bold => b"WARDLI+DejaVuSansCondensed-Bold",
        }
    }
}

/// The fonts that the program carries cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the letters for the paper cannot be read: {0}")]
pub(crate) struct FontFault(String);

/// Both weights.
pub(crate) struct Fonts {
    plain: Font,
    bold: Font,
}

struct Font {
    weight: Weight,
    bytes: &'static [u8],
    face: Face<'static>,
    used: GlyphRemapper,
    /// What each used glyph means, and how wide it is, by its number in the file.
    meant: BTreeMap<u16, (char, f32)>,
}

impl Fonts {
    pub(super) fn new() -> Result<Self, FontFault> {
        Ok(Self {
            plain: Font::read(Weight::Plain, dejavu::sans_condensed::regular())?,
            bold: Font::read(Weight::Bold, dejavu::sans_condensed::bold())?,
        })
    }

    fn of(&mut self, weight: Weight) -> &mut Font {
        match weight {
            Weight::Plain => &mut self.plain,
            Weight::Bold => &mut self.bold,
        }
    }

    /// How wide a text is.
    pub(crate) fn width(&self, weight: Weight, size: f32, text: &str) -> f32 {
        let font = match weight {
            Weight::Plain => &self.plain,
            Weight::Bold => &self.bold,
        };
        let letters = letters(text).map(|letter| font.width(font.glyph(letter).0));
        letters.sum::<f32>() * size / 1000.0
    }

    /// A text as the sheet's content names its letters.
    pub(super) fn glyphs(&mut self, weight: Weight, text: &str) -> Vec<u8> {
        let font = self.of(weight);
        letters(text)
            .flat_map(|letter| font.used(letter).to_be_bytes())
            .collect()
    }

    /// Writes what was used, and says where.
    pub(super) fn write(
        self,
        pdf: &mut Pdf,
        next: &mut impl FnMut() -> Ref,
    ) -> Result<[(Weight, Ref); 2], FontFault> {
        Ok([
            (Weight::Plain, self.plain.write(pdf, next)?),
            (Weight::Bold, self.bold.write(pdf, next)?),
        ])
    }
}

/// One code for each letter with its marks, where there is one; nothing that moves the pen.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.nfc()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
}

impl Font {
    fn read(weight: Weight, bytes: &'static [u8]) -> Result<Self, FontFault> {
        let face = Face::parse(bytes, 0).map_err(|fault| FontFault(fault.to_string()))?;
        Ok(Self {
            weight,
            bytes,
            face,
            used: GlyphRemapper::new(),
            meant: BTreeMap::new(),
        })
    }

    /// The glyph of a letter, and the letter that it shows.
    fn glyph(&self, letter: char) -> (u16, char) {
        let of = |letter| self.face.glyph_index(letter).map(|glyph| (glyph.0, letter));
        of(letter).or_else(|| of(UNKNOWN)).unwrap_or((0, UNKNOWN))
    }

    /// In thousandths of the size.
    fn width(&self, glyph: u16) -> f32 {
        let advance = self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph));
        self.in_thousandths(f32::from(advance.unwrap_or_default()))
    }

    fn in_thousandths(&self, units: f32) -> f32 {
        units * 1000.0 / f32::from(self.face.units_per_em())
    }

    fn used(&mut self, letter: char) -> u16 {
        let (glyph, shown) = self.glyph(letter);
        let number = self.used.remap(glyph);
        let width = self.width(glyph);
        self.meant.entry(number).or_insert((shown, width));
        number
    }

    fn write(self, pdf: &mut Pdf, next: &mut impl FnMut() -> Ref) -> Result<Ref, FontFault> {
        let part = subsetter::subset(self.bytes, 0, &self.used)
            .map_err(|fault| FontFault(fault.to_string()))?;
        let [font, letters, descriptor, text, file] = std::array::from_fn(|_| next());
        let name = Name(self.weight.name());
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(letters)
            .to_unicode(text);
        let mut cid = pdf.cid_font(letters);
        cid.subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(IDENTITY)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid.widths();
        for (number, (_, width)) in &self.meant {
            widths.same(*number, *number, *width);
        }
        drop(widths);
        drop(cid);
        let units = |units: i16| self.in_thousandths(f32::from(units));
        let around = self.face.global_bounding_box();
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(
                units(around.x_min),
                units(around.y_min),
                units(around.x_max),
                units(around.y_max),
            ))
            .italic_angle(0.0)
            .ascent(units(self.face.ascender()))
            .descent(units(self.face.descender()))
            .cap_height(units(self.face.capital_height().unwrap_or_default()))
            .stem_v(if self.weight == Weight::Bold {
                150.0
            } else {
                80.0
            })
            .font_file2(file);
        // Without this a name could be read but neither searched for nor copied.
        let mut meanings = UnicodeCmap::new(Name(b"Meanings"), IDENTITY);
        for (number, (letter, _)) in &self.meant {
            meanings.pair(*number, *letter);
        }
        pdf.cmap(text, &meanings.finish());
        pdf.stream(file, &part);
        Ok(font)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_of_the_wards_languages_are_there_in_both_weights() {
        let fonts = Fonts::new().unwrap();
        for letter in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻäöüßéèçñăâîșțğışőűœæøåŵŷŴŶ☐…–≤×°".chars()
        {
            for font in [&fonts.plain, &fonts.bold] {
                assert_eq!(font.glyph(letter).1, letter);
            }
        }
    }

    #[test]
    fn a_letter_that_was_typed_in_two_parts_is_one_letter() {
        assert_eq!(letters("z\u{307}o\u{301}").collect::<String>(), "żó");
        assert_eq!(letters("one\ntwo").collect::<String>(), "one two");
    }

    #[test]
    fn what_there_is_no_letter_for_is_marked_and_not_left_out() {
        let mut fonts = Fonts::new().unwrap();
        assert_eq!(fonts.glyphs(Weight::Plain, "王a").len(), 4);
        assert_eq!(fonts.plain.glyph('王').1, UNKNOWN);
    }
}
