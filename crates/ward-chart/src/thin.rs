//! A value every minute makes a black stripe. Where so many stand side by side, the highest and the lowest of each few
//! minutes are drawn, and the lowest is never left out.

use std::collections::BTreeMap;

use crate::Mark;

/// Up to so many values are drawn one by one.
const ONE_BY_ONE: usize = 240;

/// Units of width that share a highest and a lowest value.
const COLUMN: i64 = 4;

/// What can be told apart by eye stays apart: form, filling, a line through it.
type Kind = (bool, bool, bool, bool);

fn kind(mark: &Mark) -> Kind {
    let typed = mark.shape == crate::Shape::Typed;
    (typed, mark.doubtful, mark.struck, mark.exertion)
}

/// The marks that are drawn, by time, and whether others are left out.
pub(crate) fn thinned(marks: &[Mark], x: impl Fn(&Mark) -> i64) -> (Vec<Mark>, bool) {
    let mut sorted = marks.to_vec();
    sorted.sort_by_key(|mark| (mark.at, mark.tenths));
    if sorted.len() <= ONE_BY_ONE {
        return (sorted, false);
    }
    let mut columns: BTreeMap<(i64, Kind), (Mark, Mark)> = BTreeMap::new();
    for mark in sorted {
        let held = columns
            .entry((x(&mark) / COLUMN, kind(&mark)))
            .or_insert((mark, mark));
        if mark.tenths < held.0.tenths {
            held.0 = mark;
        }
        if mark.tenths > held.1.tenths {
            held.1 = mark;
        }
    }
    let mut left: Vec<Mark> = columns
        .into_values()
        .flat_map(|(lowest, highest)| [Some(lowest), (highest != lowest).then_some(highest)])
        .flatten()
        .collect();
    left.sort_by_key(|mark| (mark.at, mark.tenths));
    (left, true)
}
