//! The way through a ward: found, referred, triaged, admitted, paused, moved, discharged.
//!
//! Each step is a pure function: what is there and what somebody wants to do go in, what follows comes out. A step that is
//! not possible is refused with what is.

pub mod admission;
pub mod case_finding;
pub mod departure;
pub mod duplicates;
pub mod out_of_phase;
pub mod papers;
pub mod referral;
pub mod registration;

/// "triage, decline or withdraw": what somebody can do instead.
pub(crate) fn listed(words: &[&str]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn what_is_possible_reads_like_a_sentence() {
        assert_eq!(listed(&[]), "nothing");
        assert_eq!(listed(&["resume"]), "resume");
        assert_eq!(
            listed(&["triage", "decline", "withdraw"]),
            "triage, decline or withdraw"
        );
    }
}
