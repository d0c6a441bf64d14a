//! When a patient was on the ward: from the admission or the transfer to it, until the end or the transfer away.

use crate::time::Timestamp;

/// Which way somebody went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moved {
    /// To this ward.
    In,
    /// To another.
    Out,
}

/// A transfer, as this ward's log has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// When.
    pub at: Timestamp,
    /// Which way.
    pub which: Moved,
}

/// The spans in which a stay was on this ward. `is_here`: it is this ward's now, or was at its end.
#[must_use]
pub fn on_ward(
    admitted_at: Timestamp,
    ended_at: Option<Timestamp>,
    is_here: bool,
    moves: &[Move],
) -> Vec<(Timestamp, Timestamp)> {
    let end = ended_at.unwrap_or(Timestamp::from_millis(i64::MAX));
    let mut moves = moves.to_vec();
    moves.sort_unstable();
    let began_here = moves
        .first()
        .map_or(is_here, |first| first.which == Moved::Out);
    let mut since = began_here.then_some(admitted_at);
    let mut spans = Vec::new();
    for Move { at, which } in moves {
        match which {
            Moved::In => since = since.or(Some(at)),
            Moved::Out => spans.extend(since.take().map(|since| (since, at))),
        }
    }
    spans.extend(since.map(|since| (since, end)));
    spans.retain(|(from, until)| from < until);
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_millis(hour * 3_600_000)
    }

    fn hours(ended: Option<i64>, is_here: bool, moves: &[(i64, Moved)]) -> Vec<(i64, i64)> {
        let moves: Vec<Move> = moves
            .iter()
            .map(|(hour, which)| Move {
                at: at(*hour),
                which: *which,
            })
            .collect();
        on_ward(at(1), ended.map(at), is_here, &moves)
            .into_iter()
            .map(|(from, until)| {
                let hour = |at: Timestamp| at.as_millis() / 3_600_000;
                (
                    hour(from),
                    if until == Timestamp::from_millis(i64::MAX) {
                        0
                    } else {
                        hour(until)
                    },
                )
            })
            .collect()
    }

    #[test]
    fn a_stay_is_here_between_its_transfers() {
        use Moved::{In, Out};
        assert_eq!(hours(None, true, &[]), [(1, 0)]);
        assert_eq!(hours(Some(9), true, &[]), [(1, 9)]);
        assert_eq!(hours(None, false, &[(4, Out)]), [(1, 4)]);
        assert_eq!(hours(Some(9), true, &[(4, In)]), [(4, 9)]);
        assert_eq!(hours(Some(9), true, &[(6, In), (4, Out)]), [(1, 4), (6, 9)]);
        assert_eq!(hours(Some(9), false, &[(4, In), (6, Out)]), [(4, 6)]);
    }
}
