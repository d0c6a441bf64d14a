//! People on record who may be the one that is being written down.

use ward_core::pathway::duplicates::Likeness;
use ward_service::Alike;

/// Somebody who may be the same.
pub(super) struct AlikeRow {
    pub(super) name: String,
    pub(super) born: String,
    pub(super) why: &'static str,
    pub(super) wards: String,
}

pub(super) fn alike_rows(alike: Vec<Alike>) -> Vec<AlikeRow> {
    let row = |one: Alike| AlikeRow {
        name: one.name,
        born: one.birth_date.on_screen(),
        why: match one.likeness {
            Likeness::SameNumber => "same NHS number",
            Likeness::NearlyTheSameNumber => "nearly the same NHS number",
            Likeness::SameNameAndBirth => "same name and date of birth",
            Likeness::SameNameAndPhone => "same name and phone",
        },
        wards: one.wards.join(", "),
    };
    alike.into_iter().map(row).collect()
}
