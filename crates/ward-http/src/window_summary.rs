//! A window's summary, from the wire and to it. A bad one is left out with a note; its reading is stored without it.

use ward_core::spo2::Spo2;
use ward_core::window::{LONGEST_MS, TimeAt, WindowSummary};
use ward_wire::bridge::{SECONDS_AT_LIMIT, SecondsAtItem, SentSummary, SummaryItem};

/// A note is cut to so many characters: the words of a parser may quote what they could not read.
const NOTE_LIMIT: usize = 200;

/// What a bridge sent, or in words why it is left out.
pub(crate) fn read(sent: SentSummary) -> Result<WindowSummary, String> {
    let item = match sent {
        SentSummary::Read(item) => Ok(item),
        // Asked again, for the reason.
        SentSummary::Unreadable(value) => serde_json::from_value(value),
    };
    item.map_err(|why| why.to_string())
        .and_then(|item| checked(&item))
        .map_err(|why| {
            let note = format!("summary left out: {why}");
            note.chars().take(NOTE_LIMIT).collect()
        })
}

fn checked(item: &SummaryItem) -> Result<WindowSummary, String> {
    let spo2 = |name: &str, percent| {
        Spo2::from_percent(percent)
            .ok_or_else(|| format!("{name}: {percent} is not between 1 and 100"))
    };
    if item.seconds_at.len() > SECONDS_AT_LIMIT {
        return Err(format!(
            "seconds_at: {} entries, {SECONDS_AT_LIMIT} at most",
            item.seconds_at.len()
        ));
    }
    let time_at = item.seconds_at.iter().enumerate().map(|(place, at)| {
        let millis = millis(at.seconds).ok_or_else(|| {
            format!("seconds_at: entry {place}: seconds is not between 0 and 86400")
        })?;
        Ok(TimeAt {
            percent: at.spo2_percent,
            millis,
        })
    });
    let ends = (
        spo2("spo2_min_percent", item.spo2_min_percent)?,
        spo2("spo2_median_percent", item.spo2_median_percent)?,
        spo2("spo2_max_percent", item.spo2_max_percent)?,
    );
    let length_ms =
        millis(item.seconds).ok_or_else(|| "seconds: not between 0 and 86400".to_owned())?;
    let time_at = time_at.collect::<Result<_, String>>()?;
    WindowSummary::new(length_ms, ends, time_at).map_err(|why| why.to_string())
}

fn millis(seconds: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    (0.0..=f64::from(LONGEST_MS) / 1000.0)
        .contains(&seconds)
        .then(|| (seconds * 1000.0).round() as u32)
}

/// As a chart gives it.
pub(crate) fn view(window: &WindowSummary) -> SummaryItem {
    let seconds = |millis: u32| f64::from(millis) / 1000.0;
    SummaryItem {
        seconds: seconds(window.length_ms()),
        spo2_min_percent: window.min().percent(),
        spo2_median_percent: window.median().percent(),
        spo2_max_percent: window.max().percent(),
        seconds_at: window
            .time_at()
            .iter()
            .map(|at| SecondsAtItem {
                spo2_percent: at.percent,
                seconds: seconds(at.millis),
            })
            .collect(),
    }
}

/// `median 95 % (90–97 % over 60 s)`, for a table.
pub(crate) fn in_words(window: &WindowSummary) -> String {
    format!(
        "median {} % ({}–{} % over {} s)",
        window.median(),
        window.min(),
        window.max(),
        // Rounded: a table is no place for thousandths.
        (window.length_ms() + 500) / 1000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"seconds":60.25,"spo2_min_percent":90.1,"spo2_median_percent":95,"spo2_max_percent":97,
        "seconds_at":[{"spo2_percent":90,"seconds":10.125},{"spo2_percent":95,"seconds":30},{"spo2_percent":97,"seconds":20}]}"#;

    fn sent(text: &str) -> Result<WindowSummary, String> {
        read(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_summary_comes_through_to_the_thousandth_and_is_said_in_words() {
        let window = sent(GOOD).unwrap();
        assert_eq!(window.length_ms(), 60_250);
        assert_eq!(
            serde_json::from_str::<SummaryItem>(GOOD).unwrap(),
            view(&window)
        );
        assert_eq!(in_words(&window), "median 95 % (90.1–97 % over 60 s)");
    }

    #[test]
    fn each_thing_that_cannot_be_is_said_with_its_place() {
        for (good, bad, said) in [
            ("60.25", "-1", "seconds: not between"),
            ("60.25", "86401", "seconds: not between"),
            ("60.25", "60", "longer than the window"),
            ("90.1", "0.5", "spo2_min_percent: 0.5 is not"),
            (
                "\"spo2_median_percent\":95",
                "\"spo2_median_percent\":98",
                "no higher than the next",
            ),
            (
                "{\"spo2_percent\":95,",
                "{\"spo2_percent\":90,",
                "entry 1 is not",
            ),
            (
                "{\"spo2_percent\":90,",
                "{\"spo2_percent\":91,",
                "first and last percent",
            ),
            ("\"seconds\":30}", "\"seconds\":0}", "entry 1 is not"),
            ("\"seconds\":30}", "\"seconds\":-3}", "entry 1: seconds"),
            ("\"seconds\":30}", "\"seconds\":\"long\"}", "invalid type"),
            ("\"spo2_percent\":95,", "\"spo2_percent\":300,", "300"),
        ] {
            assert!(GOOD.contains(good), "{good}");
            let note = sent(&GOOD.replacen(good, bad, 1)).unwrap_err();
            assert!(
                note.starts_with("summary left out: ") && note.contains(said),
                "{bad}: {note}"
            );
        }
        let many = vec![r#"{"spo2_percent":90,"seconds":0.001}"#; 102].join(",");
        let text = format!(
            r#"{{"seconds":60,"spo2_min_percent":90,"spo2_median_percent":90,"spo2_max_percent":90,"seconds_at":[{many}]}}"#
        );
        assert!(
            sent(&text)
                .unwrap_err()
                .contains("102 entries, 101 at most")
        );
        let long = format!("\"{}\"", "a".repeat(10_000));
        assert!(sent(&long).unwrap_err().chars().count() <= NOTE_LIMIT);
    }
}
