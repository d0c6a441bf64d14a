//! Numbers beside their dots, so that none stands on another. Where there is no room the lowest value has it first.

use crate::axis::Clip;
use crate::drawing::{Dot, Label, number};

/// Half the width and half the height of a dot.
pub(crate) const RADIUS: i64 = 5;

/// Left, top, right, bottom.
type Room = (i64, i64, i64, i64);

fn overlap(one: Room, other: Room) -> bool {
    one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
}

/// The room that a number takes.
pub(crate) fn room(label: Label, tenths: u16, text: i64) -> Room {
    let letters = i64::try_from(number(tenths).len()).unwrap_or(4);
    let half = letters * text * 3 / 10 + 1;
    (
        label.x - half,
        label.y - text + 3,
        label.x + half,
        label.y + 1,
    )
}

/// Gives each dot its number where there is room within `plot`.
pub(crate) fn place(dots: &mut [Dot], plot: Room, text: i64) {
    let mut taken: Vec<Room> = dots
        .iter()
        .map(|dot| {
            (
                dot.x - RADIUS,
                dot.y - RADIUS,
                dot.x + RADIUS,
                dot.y + RADIUS,
            )
        })
        .collect();
    let mut order: Vec<usize> = (0..dots.len()).collect();
    let rank = |index: &usize| dots.get(*index).map(|dot| (dot.struck, dot.tenths, dot.x));
    order.sort_by_key(rank);
    for index in order {
        let Some(dot) = dots.get_mut(index) else {
            continue;
        };
        let wide = room(Label { x: 0, y: 0 }, dot.tenths, text).2;
        // What lies beyond the axis is drawn larger.
        let more = if dot.clip == Clip::Within { 0 } else { 5 };
        let (above, below) = (dot.y - RADIUS - 3 - more, dot.y + RADIUS + text - 2 + more);
        let beside = dot.y + text / 2 - 2;
        let aside = RADIUS + 2 + wide;
        let places = [
            (dot.x, above),
            (dot.x, below),
            (dot.x + aside, beside),
            (dot.x - aside, beside),
            (dot.x + aside, above),
            (dot.x - aside, above),
            (dot.x + aside, below),
            (dot.x - aside, below),
            (dot.x, above - text),
            (dot.x, below + text),
        ];
        let fits = |label: &Label| {
            let room = room(*label, dot.tenths, text);
            let inside = room.0 >= plot.0
                && room.1 >= plot.1 - text - RADIUS
                && room.2 <= plot.2 + text
                && room.3 <= plot.3;
            inside && !taken.iter().any(|other| overlap(room, *other))
        };
        let found = places.into_iter().map(|(x, y)| Label { x, y }).find(fits);
        if let Some(label) = found {
            taken.push(room(label, dot.tenths, text));
            dot.label = Some(label);
        }
    }
}
