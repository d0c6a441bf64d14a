//! The key of the box: enrolled, signing, renewed, with a stop of the box at every step.

use std::path::Path;
use std::sync::Arc;

use firmware_bridge::client::{Client, Failure};
use firmware_bridge::clock::Clock;
use firmware_bridge::config::{self, Config};
use firmware_bridge::enrol::{self, EnrolError, enrol};
use firmware_bridge::identity::{Held, Identity, Place, renew};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;
use ward_wire::signature::KeyId;

use crate::door::{BRIDGE, SEED, TOKEN, key_file, public_of};
use crate::service::{CODE, Service};
use crate::support::eventually;

/// A box, and a service that verifies what it signs.
struct Stage {
    folder: tempfile::TempDir,
    service: Service,
}

impl Stage {
    async fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            service: Service::start().await,
        }
    }

    /// With the key that the service knows.
    async fn enrolled() -> Self {
        let stage = Self::new().await;
        stage.put("key", &key_file(&SEED, "2099-01-01T00:00:00Z"));
        stage
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn has(&self, name: &str) -> bool {
        self.folder.path().join(name).exists()
    }

    fn config(&self) -> config::Service {
        let (folder, url) = (self.folder.path(), &self.service.url);
        let text = format!("data_dir = {folder:?}\n[service]\nurl = {url:?}\n");
        Config::parse(Path::new("test"), &text, []).unwrap().service
    }

    /// As after a start of the box: nothing is remembered but what is on disk.
    fn client(&self) -> Client {
        Client::new(&self.config()).unwrap()
    }

    fn place(&self) -> Place {
        Place::of(&self.config())
    }

    fn held(&self) -> Held {
        self.place().held().unwrap().unwrap()
    }

    async fn enrols(&self, replace: bool) -> Result<enrol::Enrolled, EnrolError> {
        enrol(&self.client(), &self.config(), CODE, replace).await
    }

    /// The key that signed the last request that was let in.
    fn last_by(&self) -> KeyId {
        self.service.book().door.by.last().unwrap().unwrap()
    }

    async fn is_let_in_by(&self, key: KeyId) {
        self.client().devices().await.unwrap();
        assert_eq!(self.last_by(), key);
    }
}

fn first() -> KeyId {
    KeyId::of(&public_of(&SEED))
}

#[tokio::test]
async fn a_box_makes_its_key_itself_and_signs_everything_by_it() {
    let stage = Stage::new().await;
    let enrolled = stage.enrols(false).await.unwrap();
    assert_eq!(enrolled.bridge, BRIDGE);
    let held = stage.held();
    assert_eq!((held.key.id(), held.bridge), (enrolled.key, BRIDGE));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let about = std::fs::metadata(stage.folder.path().join("key")).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
    assert!(!stage.has("key.new") && !stage.has("key.tmp"));
    let client = stage.client();
    client.devices().await.unwrap();
    let status = ward_wire::bridge::StatusRequest {
        radio_up: true,
        oximeters: Vec::new(),
        ..ward_wire::bridge::StatusRequest::default()
    };
    client.status(&status).await.unwrap();
    let by = stage.service.book().door.by.clone();
    assert_eq!(by, [Some(enrolled.key); 2]);
    assert!(matches!(
        stage.enrols(false).await,
        Err(EnrolError::Already(_))
    ));
}

/// The service has spent the code, and the box does not know: the same command once more is enough.
#[tokio::test]
async fn an_enrolment_whose_answer_was_lost_is_made_good_by_the_same_code() {
    let stage = Stage::new().await;
    stage.service.book().lost_key_answers = 2;
    for _ in 0..2 {
        let lost = stage.enrols(false).await.unwrap_err();
        assert!(matches!(lost, EnrolError::Unreachable(_)), "{lost}");
        assert!(lost.to_string().contains("same code"), "{lost}");
        assert!(stage.has("key.new") && !stage.has("key"));
    }
    let enrolled = stage.enrols(false).await.unwrap();
    assert_eq!(
        stage.service.book().door.keys.len(),
        2,
        "one key, sent three times"
    );
    stage.is_let_in_by(enrolled.key).await;
}

#[tokio::test]
async fn an_enrolment_goes_on_wherever_the_box_was_stopped() {
    let stage = Stage::new().await;
    // Before anything was sent.
    let pending = stage.place().prepare_enrolment(CODE).unwrap();
    // After it was sent, before anything was kept.
    let request = enrol::request(CODE, &pending);
    stage.client().enrol(&request).await.unwrap();
    let enrolled = stage.enrols(false).await.unwrap();
    assert_eq!(enrolled.key, pending.key.id());
    // After it was kept, before the rest was tidied away.
    stage.put("token", TOKEN);
    stage.place().prepare_enrolment(CODE).unwrap();
    assert!(stage.has("key.new"));
    stage.is_let_in_by(enrolled.key).await;
    assert!(
        stage.enrols(true).await.is_err(),
        "another key, and the code is spent"
    );
    stage.is_let_in_by(enrolled.key).await;
}

#[tokio::test]
async fn a_code_that_is_refused_leaves_what_there_was() {
    let stage = Stage::enrolled().await;
    let config = stage.config();
    let refused = enrol(&stage.client(), &config, "WRONG", true).await;
    assert!(matches!(refused, Err(EnrolError::Refused(_))));
    assert!(!stage.has("key.new"));
    stage.is_let_in_by(first()).await;
}

#[tokio::test]
async fn a_box_with_a_token_goes_on_and_moves_to_a_key() {
    let stage = Stage::new().await;
    stage.put("token", TOKEN);
    stage.client().devices().await.unwrap();
    assert_eq!(stage.service.book().door.by, [None]);
    assert!(matches!(
        stage.enrols(false).await,
        Err(EnrolError::Already(_))
    ));
    let enrolled = stage.enrols(true).await.unwrap();
    assert!(!stage.has("token"));
    stage.is_let_in_by(enrolled.key).await;
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_a_day_or_by_years_costs_one_request() {
    for days in [1, -1, 12 * 365, -30 * 365] {
        let stage = Stage::enrolled().await;
        let off_by = SignedDuration::from_hours(24 * days);
        let wrong = Clock::of_this_machine().with_wall_off_by(off_by);
        let client = stage.client().by_clock(wrong);
        assert_eq!(client.service_time(), None);
        client.devices().await.unwrap();
        client.devices().await.unwrap();
        let (refused, by) = {
            let book = stage.service.book();
            (book.door.refused.clone(), book.door.by.len())
        };
        assert_eq!((&refused[..], by), (&["clock-off"][..], 2), "{days} days");
        let off = client.service_time().unwrap();
        let off = off.duration_since(stage.service.book().door.now()).abs();
        assert!(off < SignedDuration::from_secs(30), "{off}");
    }
}

#[tokio::test]
async fn a_service_whose_clock_is_set_while_the_box_runs_is_followed() {
    let stage = Stage::enrolled().await;
    let client = stage.client();
    for hours in [0, 24, -24, 0] {
        stage.service.book().door.ahead = SignedDuration::from_hours(hours);
        client.devices().await.unwrap();
    }
    assert_eq!(stage.service.book().door.refused, ["clock-off"; 3]);
}

#[tokio::test]
async fn a_request_that_something_on_the_way_has_doubled_is_signed_anew() {
    let stage = Stage::enrolled().await;
    stage.service.book().door.says_seen_before = true;
    stage.client().devices().await.unwrap();
    assert_eq!(stage.service.book().door.refused, ["request-seen-before"]);
}

#[tokio::test]
async fn a_revoked_box_and_one_that_is_not_known_say_so_and_keep_their_key() {
    let stage = Stage::enrolled().await;
    stage.service.book().door.revoked = true;
    let refused = stage.client().devices().await.unwrap_err();
    assert!(matches!(refused, Failure::Unauthorised(_)), "{refused}");
    stage.service.book().door.revoked = false;
    stage.service.book().door.keys.clear();
    let refused = stage.client().devices().await.unwrap_err();
    assert!(matches!(refused, Failure::Unauthorised(_)), "{refused}");
    assert_eq!(stage.held().key.id(), first());
}

/// Each step of a renewal, with a stop of the box after it.
#[tokio::test]
async fn a_renewal_goes_on_wherever_the_box_was_stopped() {
    let stage = Stage::enrolled().await;
    let (place, held) = (stage.place(), stage.held());
    // Made and on disk.
    let next = place.prepare_next(&held).unwrap();
    assert!(place.has_next(&held));
    stage.is_let_in_by(first()).await;
    // Sent, and the answer lost.
    stage.service.book().lost_key_answers = 1;
    let lost = renew::renew(&stage.client(), &stage.place(), &held).await;
    assert!(lost.is_err());
    stage.is_let_in_by(first()).await;
    // Sent, answered, not kept.
    let proven = renew::proven(&held, &next);
    stage.client().renew_key(&proven).await.unwrap();
    stage.is_let_in_by(first()).await;
    let fresh = renew::renew(&stage.client(), &stage.place(), &held).await;
    assert_eq!(fresh.unwrap().key.id(), next.key.id());
    assert_eq!(
        stage.service.book().door.keys.len(),
        2,
        "one new key, sent three times"
    );
    stage.is_let_in_by(next.key.id()).await;
    // Kept, and not tidied away: the file that is left over is nobody's successor.
    place.prepare_next(&held).unwrap();
    assert!(stage.has("key.next") && !place.has_next(&stage.held()));
    let again = renew::renew(&stage.client(), &stage.place(), &stage.held()).await;
    let again = again.unwrap().key.id();
    assert_ne!(again, next.key.id());
    stage.is_let_in_by(again).await;
}

#[tokio::test]
async fn a_key_is_renewed_by_itself_a_month_before_its_day_and_not_before() {
    let stage = Stage::new().await;
    let now = stage.service.book().door.now();
    for (days, is_renewed) in [(29, true), (31, false), (-400, true)] {
        let day = now + SignedDuration::from_hours(24 * days);
        stage.put("key", &key_file(&SEED, &day.to_string()));
        let (client, stop) = (Arc::new(stage.client()), CancellationToken::new());
        // The service's time is known by what it accepts: another request goes before.
        client.devices().await.unwrap();
        let task = tokio::spawn(renew::keep_fresh(client, stage.place(), stop.clone()));
        if is_renewed {
            eventually("a new key", async || {
                (stage.held().key.id() != first()).then_some(())
            })
            .await;
        } else {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            assert_eq!(stage.held().key.id(), first());
        }
        stop.cancel();
        task.await.unwrap();
        stage.is_let_in_by(stage.held().key.id()).await;
    }
}

/// The service comes back as it was before the renewal: the key before lets the box in, and brings the newest again.
#[tokio::test]
async fn a_service_that_was_restored_from_a_backup_knows_the_key_before() {
    let stage = Stage::enrolled().await;
    let held = stage.held();
    let fresh = renew::renew(&stage.client(), &stage.place(), &held)
        .await
        .unwrap();
    let newest = fresh.key.id();
    stage.is_let_in_by(newest).await;
    stage.service.book().door.keys.remove(&newest);
    stage.is_let_in_by(first()).await;
    assert_eq!(stage.held().key.id(), first());
    assert!(
        stage.place().has_next(&stage.held()),
        "the newest is brought again"
    );
    renew::renew(&stage.client(), &stage.place(), &stage.held())
        .await
        .unwrap();
    stage.is_let_in_by(newest).await;
}

#[tokio::test]
async fn a_damaged_key_file_is_said_and_not_replaced_by_a_token() {
    let stage = Stage::new().await;
    stage.put("token", TOKEN);
    stage.put("key", "{ half a fi");
    let said = stage.place().read().unwrap_err().to_string();
    assert!(said.contains("enrol again"), "{said}");
    let refused = stage.client().devices().await.unwrap_err();
    assert!(matches!(refused, Failure::Unauthorised(_)), "{refused}");
    // An enrolment repairs it.
    stage.enrols(true).await.unwrap();
    assert!(matches!(stage.place().read().unwrap(), Identity::Key(_)));
}
