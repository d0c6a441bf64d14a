//! Where somebody of the staff is reached for one ward: their own to enter, to see, to try out and to take away.

use uuid::Uuid;
use ward_core::escalation::{About, StaffNotice, Underway, Way, Whom, is_email, is_phone};
use ward_core::permit::Permit;
use ward_core::time::Timestamp;
use ward_store::{StaffContact, StoreError};

use crate::carry::Address;
use crate::error::{Unavailable, to_the_end};
use crate::ward_settings::setting_changed;
use crate::wards::Wards;

/// Details that one person has for one ward at most: a browser on each of their devices, and some.
pub const DETAILS_AT_MOST: usize = 12;

/// Bytes of a push service's address at most.
const ENDPOINT_AT_MOST: usize = 1_000;

/// Why details are as they were.
#[derive(Debug, thiserror::Error)]
pub enum DetailError {
    /// The number.
    #[error("enter a mobile number that takes text messages, for example 07700 900123")]
    NoPhone,
    /// The address.
    #[error("enter an e-mail address, for example asha.rao@example.nhs.uk")]
    NoEmail,
    /// What a browser said.
    #[error(
        "this browser's answer is not what a push service gives: try again, or use another browser"
    )]
    NoPush,
    /// Too many.
    #[error("there are {DETAILS_AT_MOST} ways to reach you already: take one away first")]
    TooMany,
    /// Gone.
    #[error("this is not among your details: load the page again")]
    NotThere,
    /// Try again.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<StoreError> for DetailError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// A way to reach somebody, as they enter it.
#[derive(Clone, Debug)]
pub enum NewDetail {
    /// A mobile number.
    Phone(String),
    /// An e-mail address.
    Email(String),
    /// A browser that has agreed to be pushed to.
    Push {
        /// The push service's address for this browser.
        endpoint: String,
        /// Its public key, base64url without padding.
        p256dh: String,
        /// Its secret, base64url without padding.
        auth: String,
    },
}

/// A way to reach somebody, as only they see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactDetail {
    /// Ours.
    pub id: Uuid,
    /// Where.
    pub address: Address,
    /// When it was entered.
    pub added_at: Timestamp,
}

fn checked(new: NewDetail) -> Result<Address, DetailError> {
    match new {
        NewDetail::Phone(number) if is_phone(&number) => Ok(Address::Phone {
            number: number.trim().to_owned(),
        }),
        NewDetail::Phone(_) => Err(DetailError::NoPhone),
        NewDetail::Email(address) if is_email(&address) => Ok(Address::Email {
            address: address.trim().to_owned(),
        }),
        NewDetail::Email(_) => Err(DetailError::NoEmail),
        NewDetail::Push {
            endpoint,
            p256dh,
            auth,
        } => {
            let is_key = |text: &str, length: std::ops::RangeInclusive<usize>| {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
                length.contains(&text.len()) && text.bytes().all(fits)
            };
            // 65 bytes of a point of P-256, and 16 of a secret (RFC 8291).
            let good = endpoint.starts_with("https://")
                && endpoint.len() <= ENDPOINT_AT_MOST
                && endpoint.bytes().all(|byte| byte.is_ascii_graphic())
                && is_key(&p256dh, 87..=88)
                && is_key(&auth, 22..=24);
            if good {
                Ok(Address::Push {
                    endpoint,
                    p256dh,
                    auth,
                })
            } else {
                Err(DetailError::NoPush)
            }
        }
    }
}

pub(crate) fn address_in(contact: &StaffContact) -> Option<Address> {
    serde_json::from_str(&contact.body).ok()
}

impl Wards {
    /// Where the person of this permit is reached for this ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn own_details(&self, permit: &Permit) -> Result<Vec<ContactDetail>, Unavailable> {
        let kept = self.store.staff_contacts(permit.ward, permit.clinician);
        let kept = kept.await?.into_iter();
        let details = kept.filter_map(|contact| {
            Some(ContactDetail {
                id: contact.id,
                address: address_in(&contact)?,
                added_at: contact.added_at,
            })
        });
        Ok(details.collect())
    }

    /// Enters a way to reach the person of this permit for this ward. The same one entered twice is there once.
    ///
    /// # Errors
    /// [`DetailError`] says what to change.
    pub async fn add_own_detail(
        &self,
        permit: &Permit,
        new: NewDetail,
    ) -> Result<Uuid, DetailError> {
        let address = checked(new)?;
        let held = self.own_details(permit).await?;
        if let Some(same) = held.iter().find(|detail| detail.address == address) {
            return Ok(same.id);
        }
        if held.len() >= DETAILS_AT_MOST {
            return Err(DetailError::TooMany);
        }
        let body = serde_json::to_string(&address).map_err(|_| DetailError::NoPush)?;
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(DetailError::NotThere)?;
            let now = wards.clock.now();
            let contact = StaffContact {
                id: wards.clock.new_id(),
                channel: address.channel(),
                body,
                added_at: now,
            };
            ledger.put_staff_contact(permit.clinician, &contact).await?;
            ledger.append(setting_changed("own contact details", &permit), now);
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(contact.id)
        })
        .await
    }

    /// Takes a way to reach the person of this permit away.
    ///
    /// # Errors
    /// [`DetailError::NotThere`].
    pub async fn remove_own_detail(&self, permit: &Permit, id: Uuid) -> Result<(), DetailError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(DetailError::NotThere)?;
            if !ledger.remove_staff_contact(permit.clinician, id).await? {
                return Err(DetailError::NotThere);
            }
            ledger.append(
                setting_changed("own contact details", &permit),
                wards.clock.now(),
            );
            let head = ledger.commit().await?;
            wards.bell.ring(permit.ward, head);
            Ok(())
        })
        .await
    }

    /// Sends a message to try out whether the person of this permit is reached.
    ///
    /// # Errors
    /// [`DetailError::NotThere`].
    pub async fn try_own_detail(&self, permit: &Permit, id: Uuid) -> Result<(), DetailError> {
        let (wards, permit) = (self.clone(), *permit);
        to_the_end(async move {
            let ledger = wards.store.open_ledger(permit.ward).await?;
            let mut ledger = ledger.ok_or(DetailError::NotThere)?;
            let contact = ledger.staff_contact(permit.clinician, id).await?;
            let contact = contact.ok_or(DetailError::NotThere)?;
            // One a minute and detail: the button is no way to flood a telephone.
            let now = wards.clock.now();
            let minute = Timestamp::from_millis(now.as_millis().div_euclid(60_000) * 60_000);
            let way = Way {
                to: Whom::Clinician {
                    id: permit.clinician,
                },
                by: contact.channel,
                detail: Some(contact.id),
            };
            let about = About::Test { at: minute };
            if let Some(notice) = StaffNotice::by(permit.ward, None, about, &[way], now) {
                ledger.queue_notice(&Underway::queued(notice)).await?;
            }
            ledger.commit().await?;
            Ok(())
        })
        .await
    }
}
