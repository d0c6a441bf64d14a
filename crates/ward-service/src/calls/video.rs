//! Links for video calls, by the ward's own pattern.

use std::time::Duration;

use uuid::Uuid;
use ward_core::contact::{VideoLinks, What};
use ward_core::event::{ContactEvent, WardEvent};
use ward_core::id::{ContactId, StayId};
use ward_core::permit::Permit;
use ward_core::time::{Timestamp, minutes};

use super::{ContactError, active, commit, entry, open, write};
use crate::error::to_the_end;
use crate::ward_settings::setting_changed;
use crate::wards::Wards;

/// A room for one video call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoRoom {
    /// The entry that it stands in.
    pub contact: ContactId,
    /// The link, for the patient and for the clinician.
    pub link: String,
}

/// Whether a ward has video calls, and the room that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VideoOnWard {
    /// It has none.
    No,
    /// It has; the link to the room that was offered last, and when.
    Yes(Option<(String, Timestamp)>),
}

/// A room is good for the day of the call.
const ROOM_LASTS: Duration = minutes(24 * 60);

/// So many of a stay's newest contacts are looked through.
const LOOKED_THROUGH: u32 = 50;

impl Wards {
    /// Makes a link for a video call with a patient. The room's name is drawn at random: nobody guesses it, and it says
    /// nothing of whom it is for.
    ///
    /// # Errors
    /// [`ContactError::NoVideo`] on a ward without a pattern.
    pub async fn offer_video(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<VideoRoom, ContactError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let pattern = wards
                .store
                .video_link(permit.ward)
                .await?
                .unwrap_or_default();
            let links: VideoLinks = pattern.parse().map_err(|_| ContactError::NoVideo)?;
            let (mut ledger, record) = open(&wards, permit.ward, stay).await?;
            active(&record)?;
            let room = Uuid::new_v4().simple().to_string();
            let link = links.to(&room);
            let entry = entry(&wards, &permit, stay, What::VideoOffered { room });
            let offered = ContactEvent::VideoOffered {
                stay,
                contact: entry.id,
                by: entry.by,
            };
            write(&mut ledger, &entry, WardEvent::Contact(offered)).await?;
            commit(&wards, ledger).await?;
            Ok(VideoRoom {
                contact: entry.id,
                link,
            })
        })
        .await
    }

    /// Whether the ward has video calls, and the room that was offered to this stay within the last day.
    ///
    /// # Errors
    /// [`ContactError`].
    pub async fn video_link_now(
        &self,
        permit: &Permit,
        stay: StayId,
    ) -> Result<VideoOnWard, ContactError> {
        let pattern = self.store.video_link(permit.ward).await?;
        let pattern = pattern.unwrap_or_default();
        let Ok(links) = pattern.parse::<VideoLinks>() else {
            return Ok(VideoOnWard::No);
        };
        let since = self.clock.now().minus(ROOM_LASTS);
        let contacts = self.contacts_of(permit, stay, LOOKED_THROUGH).await?;
        let offered = contacts.iter().find_map(|stored| match &stored.entry.what {
            What::VideoOffered { room } => Some((room, stored.entry.at)),
            What::Call(_)
            | What::LadderStopped { .. }
            | What::VisitBooked { .. }
            | What::ReferredOnward { .. } => None,
        });
        let room = offered.filter(|(_, at)| *at >= since);
        Ok(VideoOnWard::Yes(
            room.map(|(room, at)| (links.to(room), at)),
        ))
    }

    /// The pattern of the ward's video links from now on; an empty one ends them.
    ///
    /// # Errors
    /// [`ContactError::Pattern`].
    pub async fn set_video_links(
        &self,
        permit: &Permit,
        pattern: &str,
    ) -> Result<(), ContactError> {
        if !pattern.is_empty() {
            pattern.parse::<VideoLinks>()?;
        }
        let (wards, permit, pattern) = (self.clone(), *permit, pattern.to_owned());
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(ContactError::NoSuchStay)?;
            ledger.set_video_link(&pattern).await?;
            ledger.append(setting_changed("video links", &permit), wards.clock.now());
            commit(&wards, ledger).await?;
            tracing::info!(ward = %permit.ward, "the pattern of video links was set");
            Ok(())
        })
        .await
    }
}
