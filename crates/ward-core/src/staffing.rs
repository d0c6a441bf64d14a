//! Who may change who belongs to a ward.

use std::collections::BTreeMap;

use crate::clinician::Role;
use crate::id::ClinicianId;

/// Why somebody's standing is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StandingRefused {
    /// Not on the ward.
    #[error("this person does not belong to this ward")]
    NotHere,
    /// The ward would have nobody to do it any more.
    #[error(
        "this is the only senior clinician of the ward: make somebody else a senior clinician first"
    )]
    LastSenior,
}

/// Whether somebody may become this on a ward, or leave it. A ward keeps a senior clinician: nobody else could make one.
///
/// # Errors
/// [`StandingRefused`].
pub fn may_become(
    members: &BTreeMap<ClinicianId, Role>,
    who: ClinicianId,
    role: Option<Role>,
) -> Result<(), StandingRefused> {
    if role.is_none() && !members.contains_key(&who) {
        return Err(StandingRefused::NotHere);
    }
    let stays_senior = role == Some(Role::SeniorClinician);
    let is_senior = members.get(&who) == Some(&Role::SeniorClinician);
    let another = members
        .iter()
        .any(|(id, role)| *id != who && *role == Role::SeniorClinician);
    if is_senior && !stays_senior && !another {
        return Err(StandingRefused::LastSenior);
    }
    Ok(())
}

/// Whether a senior clinician may give somebody a new password: only where no ward of that person's is out of the senior's
/// reach, because whoever hands out a password could sign in with it.
#[must_use]
pub fn may_hand_out_password(
    seniors_wards: &[(crate::id::WardId, Role)],
    persons_wards: &[crate::id::WardId],
) -> bool {
    persons_wards.iter().all(|ward| {
        seniors_wards
            .iter()
            .any(|(theirs, role)| theirs == ward && *role == Role::SeniorClinician)
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::WardId;
    use crate::story::{ASHA, BEN};

    #[test]
    fn a_ward_keeps_a_senior_clinician() {
        let alone = BTreeMap::from([(ASHA, Role::SeniorClinician), (BEN, Role::Clinician)]);
        assert_eq!(
            may_become(&alone, ASHA, Some(Role::Clinician)),
            Err(StandingRefused::LastSenior)
        );
        assert_eq!(
            may_become(&alone, ASHA, None),
            Err(StandingRefused::LastSenior)
        );
        assert_eq!(
            may_become(&alone, ASHA, Some(Role::SeniorClinician)),
            Ok(())
        );
        assert_eq!(may_become(&alone, BEN, None), Ok(()));
        let two = BTreeMap::from([(ASHA, Role::SeniorClinician), (BEN, Role::SeniorClinician)]);
        assert_eq!(may_become(&two, ASHA, None), Ok(()));
    }

    #[test]
    fn who_is_not_here_cannot_leave_and_can_come() {
        let nobody = BTreeMap::new();
        assert_eq!(
            may_become(&nobody, BEN, None),
            Err(StandingRefused::NotHere)
        );
        assert_eq!(may_become(&nobody, BEN, Some(Role::CallHandler)), Ok(()));
    }

    #[test]
    fn a_password_is_handed_out_only_where_every_ward_of_the_person_is_the_seniors() {
        let (one, other) = (WardId(Uuid::from_u128(1)), WardId(Uuid::from_u128(2)));
        let senior_on_one = [(one, Role::SeniorClinician), (other, Role::Clinician)];
        assert!(may_hand_out_password(&senior_on_one, &[one]));
        assert!(may_hand_out_password(&senior_on_one, &[]));
        assert!(!may_hand_out_password(&senior_on_one, &[one, other]));
    }
}
