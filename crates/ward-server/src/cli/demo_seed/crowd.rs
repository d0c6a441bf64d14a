//! A full ward: more invented people than anybody looks at one by one, each with an oximeter of the demo's bridge.

/// Family and given name of the `number`th of them: as many names as a ward may have people, none of them twice.
pub fn name(number: usize) -> Option<(String, &'static str)> {
    let (beginning, rest) = (number % BEGINNINGS.len(), number / BEGINNINGS.len());
    let (ending, rest) = (rest % ENDINGS.len(), rest / ENDINGS.len());
    let family = format!("{}{}", BEGINNINGS.get(beginning)?, ENDINGS.get(ending)?);
    Some((
        family,
        GIVEN.get((beginning + ending + rest) % GIVEN.len())?,
    ))
}

/// More would make names twice.
pub const AT_MOST: usize = BEGINNINGS.len() * ENDINGS.len();

const BEGINNINGS: [&str; 25] = [
    "Ain", "Bar", "Cald", "Dal", "Eccles", "Farn", "Grim", "Hasling", "Ibb", "Kirk", "Lang",
    "Mars", "Nether", "Os", "Pem", "Quar", "Ribble", "Stan", "Thorn", "Ulver", "Wad", "Whit",
    "Yar", "Brier", "Crow",
];

const ENDINGS: [&str; 20] = [
    "bottom", "brook", "by", "clough", "croft", "dale", "den", "field", "ford", "gate", "ham",
    "hurst", "ley", "low", "shaw", "sworth", "thwaite", "ton", "wick", "wood",
];

const GIVEN: [&str; 12] = [
    "Alice", "Bernard", "Clara", "Dennis", "Enid", "Fred", "Grace", "Hugh", "Iris", "Joan",
    "Leonard", "Mabel",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_in_a_full_ward_has_the_name_of_somebody_else() {
        let names: std::collections::BTreeSet<String> =
            (0..AT_MOST).map(|number| name(number).unwrap().0).collect();
        assert_eq!(names.len(), AT_MOST);
    }
}
