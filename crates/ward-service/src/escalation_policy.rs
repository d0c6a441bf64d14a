//! Who is told when nobody takes an alert: a ward's own rules, and whom they would reach now.

use ward_core::escalation::{
    Class, Ladder, OutsideContact, Policy, PolicyRefused, Staff, Step, Target, Ways, Whom,
};
use ward_core::permit::{Forbidden, Permit, Verb};
use ward_store::StoreError;

use crate::error::{Unavailable, to_the_end};
use crate::ward_settings::setting_changed;
use crate::wards::Wards;

/// Why a policy is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// What was entered.
    #[error(transparent)]
    Refused(#[from] PolicyRefused),
    /// The role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ward.
    #[error("there is no such ward")]
    NoSuchWard,
    /// Somebody who is to be told.
    #[error("a step names somebody who does not belong to this ward: choose somebody who does")]
    NotHere,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for PolicyError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// Whom one step would tell now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldNow {
    /// Of which kind of alert.
    pub class: Class,
    /// Which step, from 1.
    pub step: usize,
    /// So long after it began to wait, in seconds.
    pub after_s: u32,
    /// Whom it names at this hour.
    pub named: Target,
    /// Who would be told first, and by what; `None`: nobody can be.
    pub first: Option<ward_core::escalation::Way>,
    /// Nobody holds the post that is named, or they cannot be reached.
    pub fell: bool,
}

impl Wards {
    /// Who is told on this ward when nobody takes an alert.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn policy(&self, permit: &Permit) -> Result<Policy, Unavailable> {
        Ok(self.store.policy(permit.ward).await?)
    }

    /// Sets it; `None`: the default again. Timers of open alerts are set anew.
    ///
    /// # Errors
    /// [`PolicyError`] names the place and says what to change.
    pub async fn set_policy(
        &self,
        permit: &Permit,
        policy: Option<Policy>,
    ) -> Result<(), PolicyError> {
        permit.allows(Verb::SetEscalation)?;
        let policy = policy.map(Policy::checked).transpose()?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(PolicyError::NoSuchWard)?;
            let roles = ledger.roles().await?;
            let named = policy.iter().flat_map(people_in);
            if named.into_iter().any(|person| !roles.contains_key(&person)) {
                return Err(PolicyError::NotHere);
            }
            let now = wards.clock.now();
            ledger.set_policy(policy, now).await?;
            ledger.append(setting_changed("escalation", &permit), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            tracing::warn!(ward = %permit.ward, by = %permit.clinician, "who is told of alerts was set");
            Ok(())
        })
        .await
    }

    /// Whom each step would tell if it were reached now.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn told_now(&self, permit: &Permit) -> Result<Vec<ToldNow>, Unavailable> {
        let now = self.clock.now();
        let ward = self.store.ward(permit.ward).await?;
        let ward = ward.ok_or(StoreError::NotThere("ward"))?;
        let policy = self.store.policy(permit.ward).await?;
        let staff = self.store.staff_to_tell(permit.ward, now).await?;
        let staffed = ward.staffed.is_staffed(&ward.zone(), now);
        let all = Class::ALL.into_iter().flat_map(|class| {
            let steps = policy.of(class).steps.iter().enumerate();
            let (policy, staff) = (&policy, &staff);
            steps.map(move |(place, step)| told_by(step, staffed, policy, staff, now, class, place))
        });
        Ok(all.collect())
    }
}

fn told_by(
    step: &Step,
    staffed: bool,
    policy: &Policy,
    staff: &Staff,
    now: ward_core::time::Timestamp,
    class: Class,
    place: usize,
) -> ToldNow {
    let route = if staffed {
        &step.staffed
    } else {
        &step.unstaffed
    };
    let Ways { ways, instead_of } = staff.ways(route, policy, &Ladder::default(), now);
    ToldNow {
        class,
        step: place + 1,
        after_s: step.after_s,
        named: route.to,
        first: ways.first().copied().filter(|_| route.leads_outside()),
        fell: instead_of.is_some() && route.leads_outside(),
    }
}

fn people_in(policy: &Policy) -> Vec<ward_core::id::ClinicianId> {
    let classes = Class::ALL.into_iter();
    let steps = classes.flat_map(|class| policy.of(class).steps.iter());
    let routes = steps.flat_map(|step| [&step.staffed, &step.unstaffed]);
    let people = routes.filter_map(|route| match route.to {
        Target::Person { clinician } => Some(clinician),
        Target::NextClinician | Target::Lead | Target::OnCall | Target::PhoneTree => None,
    });
    people.collect()
}

/// The outside contact that this means.
pub(crate) fn contact_of(policy: &Policy, whom: Whom) -> Option<&OutsideContact> {
    match whom {
        Whom::Contact { place } => policy.phone_tree.get(usize::from(place).checked_sub(1)?),
        Whom::Clinician { .. } | Whom::Webhook | Whom::Nobody => None,
    }
}
