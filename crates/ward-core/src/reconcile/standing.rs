//! The one row that says where a stay stands, against its readings.

use super::{About, Disagreement, Disagrees, Look};
use crate::alert::Problem;
use crate::plan::Band;
use crate::reading::Measured;

impl Look<'_> {
    /// Whether the one row that says where the stay stands says what its readings say.
    pub(super) fn standing(&self) -> Option<Disagreement> {
        if self.evidence.clock_was_wrong {
            return None;
        }
        let state = self.evidence.state;
        let forgotten = self.words.iter().find(|word| {
            let held = match word.certain_band() {
                Some(Band::Red) => &state.newest_red,
                Some(Band::Amber) => &state.newest_amber,
                Some(Band::Green) if word.sound => &state.newest_good,
                Some(Band::Green) | None => return false,
            };
            // What was typed may stand in the place of what was typed before: it is on a line of its own.
            !word.is_by_hand() && !held.hold(&word.moment)
        });
        let made_up = state.newest_good.iter().find(|held| {
            held.bridge.is_some()
                && held.at >= self.evidence.since
                && !self
                    .words
                    .iter()
                    .any(|word| word.moment == **held && word.may_clear())
        });
        let newest = self.evidence.readings.iter();
        let newest = newest.filter(|it| matches!(it.measured, Measured::Values(_)));
        let newest = newest.max_by_key(|it| (it.effective_at, it.id));
        let not_drawn =
            newest.filter(|it| state.newest().is_none_or(|point| point.reading != it.id));
        (forgotten.is_some() || made_up.is_some() || not_drawn.is_some()).then(|| Disagreement {
            what: Disagrees::Standing,
            problem: Problem::Oxygen,
            about: forgotten
                .map(|word| word.reading)
                .or(not_drawn)
                .map(About::of),
        })
    }
}
