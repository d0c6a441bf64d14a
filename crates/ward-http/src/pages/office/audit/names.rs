//! Who did something, and whom it was about, by name.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ward_core::event::About;
use ward_core::id::ClinicianId;
use ward_core::permit::Permit;
use ward_service::AuditLine;

use crate::pages::frame::PageError;
use crate::routes::App;

/// Names for the lines.
pub(super) struct Names {
    pub(super) staff: BTreeMap<ClinicianId, String>,
    people: BTreeMap<About, Option<String>>,
}

impl Names {
    pub(super) async fn of(app: &App) -> Result<Self, PageError> {
        let staff = app.wards.store().names_of_staff().await;
        Ok(Self {
            staff: staff.map_err(ward_service::Unavailable::from)?,
            people: BTreeMap::new(),
        })
    }

    pub(super) async fn learn(
        &mut self,
        app: &App,
        permit: &Permit,
        lines: &[AuditLine],
    ) -> Result<(), PageError> {
        for about in lines.iter().filter_map(|line| line.about) {
            if let Entry::Vacant(free) = self.people.entry(about) {
                free.insert(app.wards.name_in_audit(permit, about).await?);
            }
        }
        Ok(())
    }

    pub(super) fn who(&self, line: &AuditLine) -> String {
        line.by.map_or_else(
            || "The service".to_owned(),
            |by| self.staff.get(&by).cloned().unwrap_or_default(),
        )
    }

    /// Whom a line is about.
    pub(super) fn whom(&self, line: &AuditLine) -> Option<&str> {
        self.people.get(&line.about?)?.as_deref()
    }
}

/// Where the ward's page of them is.
pub(super) fn path_to(about: About) -> Option<String> {
    match about {
        About::Stay(stay) => Some(format!("/stays/{stay}")),
        About::Referral(referral) => Some(format!("/office/referrals/{referral}")),
        About::Case(_) | About::Patient(_) => None,
    }
}
