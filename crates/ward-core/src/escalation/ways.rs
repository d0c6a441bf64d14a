//! By which ways a step reaches somebody: who holds the post now, where they are reached, and who is next when they are not.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::ChannelKind;
use super::ladder::{Ladder, Whom};
use super::policy::{Policy, Route, Target};
use crate::duty::{OnDuty, Post};
use crate::id::ClinicianId;
use crate::rota::Turn;
use crate::time::Timestamp;

/// Ways that one step tries at most.
const WAYS_AT_MOST: usize = 24;

/// One way to tell one person.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Way {
    /// Whom.
    pub to: Whom,
    /// By what.
    pub by: ChannelKind,
    /// Where: one of a clinician's own details; none for outside contacts and the webhook.
    pub detail: Option<Uuid>,
}

/// Where one clinician is reached: each of their details by its channel.
pub type Reach = Vec<(ChannelKind, Uuid)>;

/// Who could be told at this moment.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    /// On duty now, the longest first.
    pub on_duty: Vec<OnDuty>,
    /// The turns of the rota about now.
    pub turns: Vec<Turn>,
    /// Where each is reached for this ward.
    pub reach: BTreeMap<ClinicianId, Reach>,
}

/// The ways of one step, the preferred first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Each is tried when the one before it did not get through.
    pub ways: Vec<Way>,
    /// Whom the step was to tell, when nobody holds that post or they cannot be reached.
    pub instead_of: Option<Target>,
}

/// Each post, and who is told when nobody holds it.
const fn chain(target: Target) -> [Target; 4] {
    let on = [
        Target::Lead,
        Target::OnCall,
        Target::PhoneTree,
        Target::NextClinician,
    ];
    match target {
        Target::NextClinician => [
            Target::NextClinician,
            Target::Lead,
            Target::OnCall,
            Target::PhoneTree,
        ],
        Target::Lead => on,
        Target::OnCall => [
            Target::OnCall,
            Target::Lead,
            Target::PhoneTree,
            Target::NextClinician,
        ],
        Target::PhoneTree => [
            Target::PhoneTree,
            Target::OnCall,
            Target::Lead,
            Target::NextClinician,
        ],
        Target::Person { .. } => on,
    }
}

impl Staff {
    /// Who holds a post now: who is on duty before who is only down for it.
    #[must_use]
    pub fn holders(&self, post: Post, now: Timestamp) -> Vec<ClinicianId> {
        let on_duty = self.on_duty.iter().filter(|duty| duty.post == post);
        let mut holders: Vec<ClinicianId> = on_duty.map(|duty| duty.clinician).collect();
        let turns = self.turns.iter();
        let planned =
            turns.filter(|turn| turn.post == post && turn.from <= now && now < turn.until);
        for turn in planned {
            if !holders.contains(&turn.clinician) {
                holders.push(turn.clinician);
            }
        }
        holders
    }

    fn of(&self, target: Target, policy: &Policy, ladder: &Ladder, now: Timestamp) -> Vec<Whom> {
        let clinicians = |all: Vec<ClinicianId>| {
            let all = all.into_iter();
            all.map(|id| Whom::Clinician { id }).collect::<Vec<_>>()
        };
        match target {
            Target::Lead => clinicians(self.holders(Post::Lead, now)),
            Target::OnCall => clinicians(self.holders(Post::OnCall, now)),
            Target::Person { clinician } => clinicians(vec![clinician]),
            Target::NextClinician => {
                let mut all = clinicians(self.holders(Post::Clinician, now));
                // Who was told before comes last.
                all.sort_by_key(|whom| ladder.told.iter().filter(|line| line.to == *whom).count());
                all
            }
            Target::PhoneTree => {
                let count = u8::try_from(policy.phone_tree.len()).unwrap_or(u8::MAX);
                let mut all: Vec<Whom> = (1..=count).map(|place| Whom::Contact { place }).collect();
                all.sort_by_key(|whom| ladder.told.iter().filter(|line| line.to == *whom).count());
                all
            }
        }
    }

    fn ways_to(&self, whom: Whom, by: &[ChannelKind], policy: &Policy) -> Vec<Way> {
        let mut ways = Vec::new();
        for kind in by {
            match whom {
                Whom::Clinician { id } => {
                    let theirs = self.reach.get(&id).into_iter().flatten();
                    ways.extend(theirs.filter(|(by, _)| by == kind).map(|(by, detail)| Way {
                        to: whom,
                        by: *by,
                        detail: Some(*detail),
                    }));
                }
                Whom::Contact { place } => {
                    let contact = policy.phone_tree.get(usize::from(place).saturating_sub(1));
                    let is_reached = contact.is_some_and(|contact| match kind {
                        ChannelKind::Sms => !contact.phone.trim().is_empty(),
                        ChannelKind::Email => !contact.email.trim().is_empty(),
                        ChannelKind::Console | ChannelKind::Webhook | ChannelKind::WebPush => false,
                    });
                    if is_reached {
                        ways.push(Way {
                            to: whom,
                            by: *kind,
                            detail: None,
                        });
                    }
                }
                Whom::Webhook | Whom::Nobody => {}
            }
        }
        ways
    }

    /// The ways by which a route reaches somebody now, beginning with whom it names. A post that nobody holds falls to the
    /// next that is held.
    #[must_use]
    pub fn ways(&self, route: &Route, policy: &Policy, ladder: &Ladder, now: Timestamp) -> Ways {
        let mut ways: Vec<Way> = Vec::new();
        if route.by.contains(&ChannelKind::Webhook) {
            ways.push(Way {
                to: Whom::Webhook,
                by: ChannelKind::Webhook,
                detail: None,
            });
        }
        let named = chain(route.to);
        let person = matches!(route.to, Target::Person { .. }).then_some(route.to);
        let mut instead_of = None;
        for (place, target) in person.into_iter().chain(named).enumerate() {
            let before = ways.len();
            for whom in self.of(target, policy, ladder, now) {
                for way in self.ways_to(whom, &route.by, policy) {
                    if !ways.contains(&way) {
                        ways.push(way);
                    }
                }
            }
            if place == 0 && ways.len() == before {
                instead_of = Some(route.to);
            }
        }
        ways.truncate(WAYS_AT_MOST);
        Ways { ways, instead_of }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RotaId;
    use crate::story::{ASHA, BEN, EIGHT};
    use crate::time::minutes;

    const CARA: ClinicianId = ClinicianId(Uuid::from_u128(0xCA));

    fn detail(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    /// Asha looks after alerts, Cara is on call by the rota; nobody leads.
    fn staff() -> Staff {
        Staff {
            on_duty: vec![OnDuty {
                clinician: ASHA,
                post: Post::Clinician,
                since: EIGHT,
            }],
            turns: vec![Turn {
                id: RotaId(Uuid::nil()),
                clinician: CARA,
                post: Post::OnCall,
                from: EIGHT.minus(minutes(60)),
                until: EIGHT.plus(minutes(60)),
            }],
            reach: BTreeMap::from([
                (
                    ASHA,
                    vec![
                        (ChannelKind::Email, detail(1)),
                        (ChannelKind::Sms, detail(2)),
                    ],
                ),
                (BEN, vec![(ChannelKind::Sms, detail(3))]),
                (CARA, vec![(ChannelKind::Sms, detail(4))]),
            ]),
        }
    }

    fn to(target: Target) -> Route {
        Route {
            to: target,
            by: vec![ChannelKind::Sms, ChannelKind::Email],
        }
    }

    fn asked(target: Target) -> Ways {
        staff().ways(&to(target), &Policy::default(), &Ladder::default(), EIGHT)
    }

    #[test]
    fn a_person_is_told_by_the_preferred_channel_and_by_the_next_when_that_fails() {
        let ways = asked(Target::NextClinician);
        let asha = Whom::Clinician { id: ASHA };
        let first: Vec<_> = ways
            .ways
            .iter()
            .take(2)
            .map(|way| (way.to, way.by))
            .collect();
        assert_eq!(
            first,
            [(asha, ChannelKind::Sms), (asha, ChannelKind::Email)]
        );
        assert_eq!(ways.instead_of, None);
    }

    #[test]
    fn a_post_that_nobody_holds_falls_to_the_next_and_says_so() {
        let ways = asked(Target::Lead);
        assert_eq!(ways.ways[0].to, Whom::Clinician { id: CARA });
        assert_eq!(ways.instead_of, Some(Target::Lead));
        // The phone tree has nobody in it.
        assert_eq!(
            asked(Target::PhoneTree).ways[0].to,
            Whom::Clinician { id: CARA }
        );
        // The turn is over: nobody but Asha is left.
        let later = EIGHT.plus(minutes(60));
        let ways = staff().ways(
            &to(Target::OnCall),
            &Policy::default(),
            &Ladder::default(),
            later,
        );
        assert_eq!(ways.ways[0].to, Whom::Clinician { id: ASHA });
        let nobody = Staff::default();
        let none = nobody.ways(
            &to(Target::Lead),
            &Policy::default(),
            &Ladder::default(),
            EIGHT,
        );
        assert_eq!(
            none,
            Ways {
                ways: Vec::new(),
                instead_of: Some(Target::Lead)
            }
        );
    }

    #[test]
    fn a_named_person_is_told_whether_on_duty_or_not() {
        let ways = asked(Target::Person { clinician: BEN });
        assert_eq!(ways.ways[0].to, Whom::Clinician { id: BEN });
        assert_eq!(ways.instead_of, None);
    }

    #[test]
    fn the_next_person_is_one_who_was_not_told_yet() {
        let mut staff = staff();
        staff.on_duty.push(OnDuty {
            clinician: BEN,
            post: Post::Clinician,
            since: EIGHT,
        });
        let mut ladder = Ladder::default();
        let first = staff.ways(
            &to(Target::NextClinician),
            &Policy::default(),
            &ladder,
            EIGHT,
        );
        assert_eq!(first.ways[0].to, Whom::Clinician { id: ASHA });
        ladder.tell(super::super::Told {
            level: 1,
            to: first.ways[0].to,
            by: None,
            at: EIGHT,
            state: super::super::ToldState::Queued,
            instead_of: None,
            notice: None,
        });
        let next = staff.ways(
            &to(Target::NextClinician),
            &Policy::default(),
            &ladder,
            EIGHT,
        );
        assert_eq!(next.ways[0].to, Whom::Clinician { id: BEN });
    }
}
