//! Whatever the values: the axis stays, nothing low is left out, and nothing is drawn that was not there.

#![expect(clippy::cast_possible_wrap, reason = "lengths of short texts")]

use std::time::Duration;

use proptest::prelude::*;
use ward_chart::{Axis, Breathing, Chart, Clip, Drawing, Limit, Mark, Shape, Size, draw};
use ward_core::day::Zone;
use ward_core::news2::table;
use ward_core::plan::{Band, Spo2Scale};
use ward_core::silence::{AskedFor, Became};
use ward_core::time::Timestamp;

const NOON: Timestamp = Timestamp::from_millis(1_795_262_400_000);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, Debug)]
struct Case {
    minutes: u32,
    marks: Vec<Mark>,
    asked_for: Vec<AskedFor>,
    wide: bool,
}

impl Case {
    fn chart<'a>(&self, zone: &'a Zone) -> Chart<'a> {
        let until = NOON.plus(MINUTE * self.minutes);
        Chart {
            from: NOON,
            until,
            now: until,
            zone,
            axis: Axis::SPO2,
            scores: table::of_spo2(Spo2Scale::One),
            limits: vec![Limit {
                from: NOON,
                until,
                at_or_below: 92,
                band: Band::Red,
            }],
            target: None,
            marks: self.marks.clone(),
            attempts: Vec::new(),
            asked_for: self.asked_for.clone(),
            pauses: Vec::new(),
            breathing: Some(vec![(NOON, until, Breathing::NotRecorded)]),
            numbers: true,
        }
    }

    fn drawn(&self) -> Drawing {
        let size = if self.wide { Size::WIDE } else { Size::NARROW };
        draw(&self.chart(&Zone::utc()), &size)
    }

    fn in_view(&self) -> impl Iterator<Item = &Mark> {
        let until = NOON.plus(MINUTE * self.minutes);
        self.marks
            .iter()
            .filter(move |mark| NOON <= mark.at && mark.at <= until)
    }
}

fn mark(minutes: u32) -> impl Strategy<Value = Mark> {
    // Some lie before and after what is shown.
    let at = 0..minutes * 60 + 7200;
    (at, 10_u16..=1000, any::<(bool, bool, bool)>(), 0..8_u8).prop_map(
        |(seconds, tenths, (typed, doubtful, struck), effort)| Mark {
            at: NOON
                .minus(MINUTE * 60)
                .plus(Duration::from_secs(seconds.into())),
            tenths,
            shape: if typed { Shape::Typed } else { Shape::Device },
            doubtful,
            struck,
            exertion: effort == 0,
        },
    )
}

fn any_case() -> impl Strategy<Value = Case> {
    let minutes = prop_oneof![60..24 * 60_u32, Just(3 * 24 * 60), Just(14 * 24 * 60)];
    let counts = prop_oneof![3 => 0..40_usize, 1 => 400..900_usize];
    (minutes, counts, any::<bool>())
        .prop_flat_map(|(minutes, count, wide)| {
            let became = prop::sample::select(vec![Became::Answered, Became::Missed, Became::Open]);
            let asked = (0..minutes, became).prop_map(|(minute, is)| AskedFor {
                at: NOON.plus(MINUTE * minute),
                is,
            });
            (
                Just(minutes),
                prop::collection::vec(mark(minutes), count),
                prop::collection::vec(asked, 0..12),
                Just(wide),
            )
        })
        .prop_map(|(minutes, marks, asked_for, wide)| Case {
            minutes,
            marks,
            asked_for,
            wide,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The same value stands at the same height beside any others.
    #[test]
    fn the_axis_never_moves(case in any_case(), tenths in 800..=1000_u16) {
        let alone = Mark { at: NOON, tenths, shape: Shape::Device, doubtful: false, struck: false, exertion: false };
        let by_itself = Case { marks: vec![alone], asked_for: Vec::new(), ..case.clone() }.drawn();
        let drawn = case.drawn();
        prop_assert_eq!(&drawn.rows, &by_itself.rows);
        prop_assert_eq!(&drawn.bands, &by_itself.bands);
        for dot in drawn.dots.iter().filter(|dot| dot.tenths == tenths) {
            prop_assert_eq!(dot.y, by_itself.dots[0].y);
        }
    }

    /// Thinned or not: the lowest value of each kind is there, and every dot is one of the values.
    #[test]
    fn nothing_low_is_left_out_and_nothing_is_made_up(case in any_case()) {
        let drawn = case.drawn();
        for doubtful in [false, true] {
            let lowest = case.in_view().filter(|mark| mark.doubtful == doubtful && !mark.struck).map(|mark| mark.tenths).min();
            let shown = drawn.dots.iter().filter(|dot| dot.hollow == doubtful && !dot.struck).map(|dot| dot.tenths).min();
            prop_assert_eq!(lowest, shown);
        }
        if !drawn.thinned {
            prop_assert_eq!(drawn.dots.len(), case.in_view().count());
        }
        for dot in &drawn.dots {
            let is_one = case.in_view().any(|mark| {
                (mark.tenths, mark.shape, mark.doubtful, mark.struck, mark.exertion)
                    == (dot.tenths, dot.shape, dot.hollow, dot.struck, dot.exertion)
            });
            prop_assert!(is_one, "{:?}", dot);
        }
    }

    /// Everything lies in the drawing, and what lies beyond the axis says so.
    #[test]
    fn everything_is_within_its_frame(case in any_case()) {
        let drawn = case.drawn();
        let (left, top, right, bottom) = drawn.plot;
        for dot in &drawn.dots {
            prop_assert!(left <= dot.x && dot.x <= right && top <= dot.y && dot.y <= bottom);
            prop_assert_eq!(dot.clip == Clip::Below, dot.tenths < 800);
        }
        for (x, y) in drawn.runs.iter().flatten() {
            prop_assert!(left <= *x && *x <= right && top <= *y && *y <= bottom);
        }
    }

    /// A line over a slot that was missed would say that somebody knew.
    #[test]
    fn no_line_goes_over_a_missed_slot(case in any_case()) {
        let drawn = case.drawn();
        // At the same unit of width it cannot be told which came first.
        for run in &drawn.runs {
            for pair in run.windows(2) {
                let over = |slot: &&ward_chart::SlotTick| slot.is == Became::Missed && pair[0].0 < slot.x && slot.x < pair[1].0;
                prop_assert!(drawn.slots.iter().find(over).is_none());
            }
        }
        let joined = drawn.runs.iter().flatten().count();
        let count = drawn.dots.iter().filter(|dot| !dot.struck && !dot.exertion).count();
        prop_assert!(joined <= count);
    }

    /// Numbers can be read: none stands on another, and one that is there is the value's own.
    #[test]
    fn no_number_stands_on_another(case in any_case()) {
        let drawn = case.drawn();
        let rooms: Vec<_> = drawn.dots.iter().filter_map(|dot| dot.label.map(|label| {
            let letters = (f64::from(dot.tenths) / 10.0).to_string().len() as i64;
            let half = letters * drawn.text / 4;
            (label.x - half, label.y - drawn.text + 4, label.x + half, label.y)
        })).collect();
        for (place, one) in rooms.iter().enumerate() {
            for other in &rooms[..place] {
                let apart = one.2 <= other.0 || other.2 <= one.0 || one.3 <= other.1 || other.3 <= one.1;
                prop_assert!(apart, "{:?} {:?}", one, other);
            }
        }
    }

    /// Three days of an ordinary ward: four readings a day, each with its number.
    #[test]
    fn every_value_of_three_ordinary_days_has_its_number(values in prop::collection::vec(840..=1000_u16, 12)) {
        let marks = values.iter().enumerate().map(|(place, tenths)| Mark {
            at: NOON.plus(MINUTE * (60 + 300 * u32::try_from(place).unwrap())),
            tenths: *tenths,
            shape: Shape::Device,
            doubtful: false,
            struck: false,
            exertion: false,
        });
        let case = Case { minutes: 3 * 24 * 60, marks: marks.collect(), asked_for: Vec::new(), wide: true };
        prop_assert!(case.drawn().dots.iter().all(|dot| dot.label.is_some()));
    }

    /// What goes into the page: tags that close, no style of its own, no words that break out.
    #[test]
    fn the_svg_is_sound(case in any_case(), title in "[ -~]{0,20}") {
        let svg = case.drawn().svg("a", "wide", &title, "\"><script>");
        prop_assert!(!svg.contains("style=") && !svg.contains("<script"));
        prop_assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        prop_assert_eq!(svg.matches("<svg").count(), 1);
        prop_assert!(svg.trim_end().ends_with("</svg>"));
        for tag in svg.split('<').skip(1) {
            let (inside, _) = tag.split_once('>').unwrap_or_default();
            let opens_and_closes = inside.ends_with('/') || inside.starts_with('/') || ["svg", "title", "desc", "text"].iter().any(|it| inside.starts_with(it));
            prop_assert!(opens_and_closes, "{}", inside);
        }
    }
}

/// The checks above are no use if they cannot fail: a line that is drawn over a missed slot is seen.
#[test]
fn values_with_nothing_missed_between_them_are_joined_and_others_are_not() {
    let at = |minutes: u32| Mark {
        at: NOON.plus(MINUTE * minutes),
        tenths: 960,
        shape: Shape::Device,
        doubtful: false,
        struck: false,
        exertion: false,
    };
    let case = |asked_for| Case {
        minutes: 24 * 60,
        marks: vec![at(60), at(400), at(700)],
        asked_for,
        wide: true,
    };
    assert_eq!(case(Vec::new()).drawn().runs[0].len(), 3);
    let missed = AskedFor {
        at: NOON.plus(MINUTE * 500),
        is: Became::Missed,
    };
    let drawn = case(vec![missed]).drawn();
    assert_eq!(drawn.runs.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
}
