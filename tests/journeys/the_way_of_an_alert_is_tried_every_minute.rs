use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use ward_core::alert::{Alert, Problem, Severity};
use ward_core::clinician::Role;
use ward_core::id::WardId;
use ward_core::self_test::{PROBLEM, Round, Stage};
use ward_core::technical::Detail;
use ward_core::time::minutes;
use ward_server::{SelfTestOptions, TlsFiles};
use ward_service::Clock;
use ward_store::CanaryParts;
use ward_tests::desk::EIGHT;
use ward_tests::http::{ask, client};
use ward_tests::outside::served::{Reply, Served, Turn};
use ward_tests::outside::until;
use ward_tests::story::Setting;
use ward_tests::{Bridge, Console, Kind, Nurse, TestWard, on_both_databases, spo2};

on_both_databases!(
    a_round_that_comes_through_is_told_outside_and_measured,
    each_stage_that_breaks_is_named_after_two_rounds_and_when_it_works_again,
    what_breaks_once_is_told_to_nobody_and_no_notice_leaves_the_ward_of_the_node,
    nobody_on_any_ward_is_shown_the_one_on_which_a_node_tries_itself,
    an_address_outside_that_does_not_answer_is_counted_and_said_on_no_board,
    a_node_that_was_restarted_goes_on_on_its_ward,
    what_is_older_than_a_day_goes_from_that_ward_and_from_no_other,
);

const NODE: &str = "ward-server-1";

/// Connections that the listener takes at the same time.
const CONNECTIONS: usize = 6;

/// A ward whose node tries itself when the story says so.
struct Tried {
    ward: TestWard,
    dead_man: Served,
}

fn options(dead_man: &Served) -> SelfTestOptions {
    let url = format!("http://{}/ping/2f9c4a5e", dead_man.address);
    SelfTestOptions {
        every: minutes(60),
        stage_within: Duration::from_millis(1500),
        round_within: Duration::from_secs(8),
        ..SelfTestOptions::of(NODE.to_owned(), Some(url.parse().unwrap()))
    }
}

impl Setting for Tried {
    async fn on(kind: Kind) -> Self {
        let dead_man = Served::start(|_| Reply::of(200)).await;
        let options = options(&dead_man);
        let ward = TestWard::with(kind, Clock::moved(EIGHT), |config| {
            config.self_test = Some(options);
            config.http.max_connections = CONNECTIONS;
            config.http.max_consoles = 1;
        })
        .await;
        Self { ward, dead_man }
    }
}

impl Tried {
    async fn in_the_next_minute(&self) -> Round {
        self.ward.clock.advance(minutes(1));
        self.ward.tries_itself().await
    }

    /// How often the address outside was told.
    fn told(&self) -> usize {
        self.dead_man.heard().len()
    }

    async fn hidden(&self) -> (WardId, CanaryParts) {
        let store = self.ward.wards.store();
        let ward = store.canary_ward(NODE).await.unwrap().unwrap();
        (ward, store.canary_parts(ward).await.unwrap())
    }

    /// What the ward was told, if anything.
    async fn said(&self) -> Option<Alert> {
        let open = self.ward.open_alerts().await;
        open.into_iter().find(|alert| alert.problem == PROBLEM)
    }

    async fn metrics(&self) -> String {
        let reply = ask(client().get(self.ward.url("/metrics"))).await;
        String::from_utf8(reply.body).unwrap()
    }

    async fn count(&self, text: &str) -> i64 {
        self.ward.database.look_behind().await.count(text).await
    }

    /// From now on the database takes no event of this kind on the node's ward.
    async fn refuses(&self, kind: &str) {
        let (ward, _) = self.hidden().await;
        let mut behind = self.ward.database.look_behind().await;
        let statements = match self.ward.database.database {
            ward_store::Database::Sqlite(_) => vec![format!(
                "create trigger refused before insert on ward_event when new.kind = '{kind}'
                    and new.ward_id = x'{}' begin select raise(abort, 'refused'); end",
                ward.0.simple()
            )],
            ward_store::Database::Postgres(_) => vec![
                "create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$"
                    .to_owned(),
                format!(
                    "create trigger refused before insert on ward_event for each row
                        when (new.kind = '{kind}' and new.ward_id = '{ward}') execute function refuse()"
                ),
            ],
        };
        for text in statements {
            behind.execute(&text).await.unwrap();
        }
    }

    async fn takes_all_again(&self) {
        let text = match self.ward.database.database {
            ward_store::Database::Sqlite(_) => "drop trigger refused",
            ward_store::Database::Postgres(_) => "drop trigger refused on ward_event",
        };
        let mut behind = self.ward.database.look_behind().await;
        behind.execute(text).await.unwrap();
    }
}

/// What is held to keep something broken.
enum Held {
    Nothing,
    Connections(Vec<TcpStream>),
    Console(Console),
}

/// So many that no more are accepted.
async fn all_connections_of(address: SocketAddr) -> Held {
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(TcpStream::connect(address).await.unwrap());
    }
    Held::Connections(held)
}

async fn broken_at(it: &Tried, asha: &Nurse, stage: Stage) -> Held {
    match stage {
        Stage::Posted => return all_connections_of(it.ward.address).await,
        Stage::Stored => it.refuses("readings_recorded").await,
        Stage::AlertRaised => it.ward.wards.seeded().skip_the_rules_one_in(1),
        Stage::Delivered => return Held::Console(Console::opened_by(asha).await),
        Stage::Shown => it.refuses("alert_shown").await,
        Stage::Acknowledged => it.refuses("alert_acknowledged").await,
        Stage::Resolved => it.refuses("alert_resolved").await,
    }
    Held::Nothing
}

async fn mended(it: &Tried, stage: Stage, held: Held) {
    match (stage, held) {
        (_, Held::Connections(all)) => drop(all),
        (_, Held::Console(mut console)) => {
            console.cut_line().await;
            for _ in 0..100 {
                if it.metrics().await.contains("wardlight_consoles 0") {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        (Stage::AlertRaised, Held::Nothing) => it.ward.wards.seeded().skip_the_rules_one_in(0),
        (_, Held::Nothing) => it.takes_all_again().await,
    }
}

async fn a_round_that_comes_through_is_told_outside_and_measured(it: Tried) {
    let asha = Nurse::comes_on_shift(&it.ward, "asha", "Asha Rao").await;
    for rounds in 1..=3 {
        assert_eq!(it.in_the_next_minute().await, Round::Through);
        assert_eq!(it.told(), rounds);
    }
    let heard = it.dead_man.heard();
    assert!(heard.iter().all(|asked| asked.method == "GET"));
    assert!(heard.iter().all(|asked| asked.target == "/ping/2f9c4a5e"));
    let now = it.ward.clock.now().as_millis() / 1000;
    let metrics = it.metrics().await;
    for line in [
        &format!("wardlight_self_test_last_success_timestamp_seconds {now}\n"),
        &format!("wardlight_self_test_dead_man_last_success_timestamp_seconds {now}\n"),
        "wardlight_self_test_dead_man_failures_total 0\n",
        "wardlight_consoles 0\n",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    for stage in Stage::ALL {
        let name = stage.name();
        let took = format!("wardlight_self_test_stage_seconds{{stage=\"{name}\"}} 0.");
        let none = format!("wardlight_self_test_failures_total{{stage=\"{name}\"}} 0\n");
        assert!(
            metrics.contains(&took) && metrics.contains(&none),
            "{name}: {metrics}"
        );
    }
    assert_eq!(it.ward.open_alerts().await, []);
    let board = asha.board().await;
    assert!(board.rows.is_empty() && board.technical.is_empty());
}

async fn each_stage_that_breaks_is_named_after_two_rounds_and_when_it_works_again(it: Tried) {
    let asha = Nurse::comes_on_shift(&it.ward, "asha", "Asha Rao").await;
    let other = it.ward.open_ward("BLB").await;
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    for (before, stage) in Stage::ALL.into_iter().enumerate() {
        let told = it.told();
        let held = broken_at(&it, &asha, stage).await;
        let began = it.ward.clock.now().plus(minutes(1));
        assert_eq!(it.in_the_next_minute().await, Round::Failed(stage));
        assert_eq!(it.said().await, None, "{stage:?}");
        assert_eq!(it.in_the_next_minute().await, Round::Failed(stage));
        let said = it.said().await.unwrap();
        assert_eq!(
            (said.severity, said.is_unacknowledged()),
            (Severity::Red, true)
        );
        let Some(Detail::Path { nodes }) = &said.detail else {
            panic!("{said:?}");
        };
        assert_eq!((nodes.len(), nodes[0].node.as_str()), (1, NODE));
        assert_eq!((nodes[0].stage, nodes[0].since), (stage, began));
        let elsewhere = it.ward.wards.store().open_alerts(other).await.unwrap();
        assert_eq!(
            elsewhere.len(),
            1,
            "every ward is told, and once: {elsewhere:?}"
        );
        // A third one says nothing new.
        assert_eq!(it.in_the_next_minute().await, Round::Failed(stage));
        let still = it.said().await.unwrap();
        assert_eq!(
            (still.spoke_seq, &still.detail),
            (said.spoke_seq, &said.detail)
        );
        assert_eq!(it.told(), told, "nobody outside is told that it works");
        mended(&it, stage, held).await;

        let board = asha.board().await;
        let [shown] = board.technical.as_slice() else {
            panic!("{:#?}", board.technical);
        };
        let words = shown.detail.clone().unwrap();
        assert!(words.contains(&format!("On {NODE} ")), "{words}");
        assert!(!words.contains("works again"), "{words}");

        assert_eq!(it.in_the_next_minute().await, Round::Through, "{stage:?}");
        assert_eq!(it.told(), told + 1);
        let board = asha.board().await;
        let words = board.technical[0].detail.clone().unwrap();
        assert!(
            words.contains(&format!("On {NODE} ")) && words.contains("works again at"),
            "{words}"
        );
        let metrics = it.metrics().await;
        let failures = format!(
            "wardlight_self_test_failures_total{{stage=\"{}\"}} 3\n",
            stage.name()
        );
        assert!(metrics.contains(&failures), "{failures} in {metrics}");

        // A person ends it, so that the next one is told anew.
        let number = board.technical[0].number;
        let _ = asha.takes(number, board.as_of).await;
        let ended = asha.resolves(number, asha.board().await.as_of).await;
        assert_eq!(ended.status, 200, "{ended}");
        assert!(it.ward.open_alerts().await.is_empty());
        assert_eq!(
            it.ward
                .wards
                .store()
                .open_alerts(other)
                .await
                .unwrap()
                .len(),
            1,
            "{before}"
        );
    }
}

async fn what_breaks_once_is_told_to_nobody_and_no_notice_leaves_the_ward_of_the_node(it: Tried) {
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    it.refuses("alert_acknowledged").await;
    let failed = Round::Failed(Stage::Acknowledged);
    assert_eq!(it.in_the_next_minute().await, failed);
    let (hidden, _) = it.hidden().await;
    let left = it.ward.wards.store().open_alerts(hidden).await.unwrap();
    assert!(
        left.iter()
            .any(|alert| alert.problem == Problem::Oxygen && alert.severity == Severity::Red)
    );
    // An unconfirmed red that nobody takes for three hours, and a bridge of which nothing is heard.
    for _ in 0..18 {
        it.ward.after(minutes(10)).await;
    }
    let after = it.ward.wards.store().open_alerts(hidden).await.unwrap();
    assert_eq!(after, left, "time does nothing there");
    assert_eq!(it.count("select count(*) from notice").await, 0);
    assert_eq!(it.count("select count(*) from outbox").await, 0);
    // What was left open is ended by the next round.
    it.takes_all_again().await;
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    let after = it.ward.wards.store().open_alerts(hidden).await.unwrap();
    assert_eq!(after, []);
    assert_eq!(it.ward.open_alerts().await, []);
}

async fn nobody_on_any_ward_is_shown_the_one_on_which_a_node_tries_itself(it: Tried) {
    it.ward
        .staff("lena", "Lena Holt", it.ward.ward, Role::SeniorClinician)
        .await;
    let lena = Nurse::signs_in(&it.ward, "lena").await;
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(97.0)).await;
    for _ in 0..2 {
        assert_eq!(it.in_the_next_minute().await, Round::Through);
    }
    let (hidden, parts) = it.hidden().await;
    let mut words = vec![hidden.0.to_string(), "canary-".to_owned(), NODE.to_owned()];
    words.extend(["Selftest", "SELFTEST", "Self-test", "self-test"].map(str::to_owned));
    words.push(parts.stay.unwrap().0.to_string());
    words.push(parts.bridge.unwrap().0.to_string());
    words.push(parts.console.unwrap().0.to_string());
    words.push(parts.oximeter.unwrap().as_str().to_owned());

    let api = [
        "/board",
        "/call-list",
        "/quarantine",
        "/kit?kind=oximeter",
        "/kit?kind=bridge",
        "/patients?q=Selftest",
    ]
    .map(|path| lena.path(path));
    let pages = PAGES.map(|path| format!("/wards/{}{path}", it.ward.ward));
    let others = ["/wards", "/api/session"].map(str::to_owned);
    for path in api.into_iter().chain(pages).chain(others) {
        let reply = lena.get(&path).await;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        for word in &words {
            assert!(!text.contains(word.as_str()), "{word} on {path}: {text}");
        }
        assert!(reply.status == 200, "{path}: {reply}");
    }
    // Its own ward is not there for her.
    for path in ["/board", "/feed?after=0"] {
        let reply = lena.get(&format!("/api/wards/{hidden}{path}")).await;
        assert!([403, 404].contains(&reply.status.as_u16()), "{reply}");
    }
    // Nor by the commands.
    let wards = &it.ward.wards;
    assert_eq!(wards.all_wards().await.unwrap().len(), 1);
    assert_eq!(wards.bridges().await.unwrap().len(), 1);
    assert_eq!(wards.staff().await.unwrap().len(), 1);
    // Nor is its patient ever offered as somebody who may be the same person.
    let born = "1900-01-01".parse().unwrap();
    let number = "999 900 0010".parse().unwrap();
    let alike = wards.store().like(&number, born, "none", 50).await;
    assert_eq!(alike.unwrap(), []);
    // Nobody signs in as who takes its alerts, and nobody gives them a password or another ward.
    let username = format!("canary-{}", hidden.0.simple());
    assert!(wards.sign_in(&username, "none").await.is_err());
    assert!(
        wards
            .set_password(&username, "a few words in a row")
            .await
            .is_err()
    );
    let joined = wards
        .join_ward(&username, it.ward.ward, Role::Clinician)
        .await;
    assert!(joined.is_err());
    // What is told nowhere is not held against alerts either.
    wards.reconcile_all().await.unwrap();
    let reconciled = wards.reconciled();
    assert_eq!((reconciled.said(), reconciled.failed()), (0, 0));
    assert_eq!(
        it.ward
            .kinds()
            .await
            .iter()
            .filter(|kind| kind.starts_with("alert"))
            .count(),
        0
    );
}

/// Pages of a ward on which it could be seen.
const PAGES: [&str; 12] = [
    "",
    "/call-list",
    "/find",
    "/handover",
    "/reports",
    "/office",
    "/office/people",
    "/office/kit",
    "/office/kit/apart",
    "/office/audit",
    "/office/rota",
    "/office/settings",
];

async fn an_address_outside_that_does_not_answer_is_counted_and_said_on_no_board(it: Tried) {
    it.dead_man.next(&[Turn::Answers(500), Turn::HangsUp]);
    for _ in 0..2 {
        assert_eq!(it.in_the_next_minute().await, Round::Through);
    }
    let metrics = it.metrics().await;
    assert!(
        metrics.contains("wardlight_self_test_dead_man_failures_total 2\n"),
        "{metrics}"
    );
    assert!(metrics.contains("wardlight_self_test_dead_man_last_success_timestamp_seconds 0\n"));
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    assert_eq!(it.ward.open_alerts().await, []);
    assert_eq!(it.told(), 3);
}

async fn a_node_that_was_restarted_goes_on_on_its_ward(mut it: Tried) {
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    let hidden = it.hidden().await;
    it.ward.stop().await;
    it.ward.start().await;
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    assert_eq!(it.hidden().await, hidden);
    assert_eq!(it.count("select count(*) from ward").await, 2);
    assert_eq!(it.count("select count(*) from stay").await, 1);
    assert_eq!(it.count("select count(*) from bridge").await, 1);
}

async fn what_is_older_than_a_day_goes_from_that_ward_and_from_no_other(it: Tried) {
    let bridge = Bridge::enrolled_at(&it.ward).await;
    let patient = it.ward.patient(&bridge).await;
    bridge.measures(&patient.oximeter, spo2(90.0)).await;
    let kept = it.ward.log().await;
    for _ in 0..3 {
        assert_eq!(it.in_the_next_minute().await, Round::Through);
    }
    let (hidden, parts) = it.hidden().await;
    let of_stay = |stay| it.ward.wards.store().readings_of(stay, 100);
    assert_eq!(of_stay(parts.stay.unwrap()).await.unwrap().len(), 3);
    it.ward.clock.advance(minutes(24 * 60));
    assert_eq!(it.in_the_next_minute().await, Round::Through);
    assert_eq!(of_stay(parts.stay.unwrap()).await.unwrap().len(), 1);
    let alerts = "select count(*) from alert";
    assert_eq!(it.count(&format!("{alerts} where not is_open")).await, 1);
    let left = it.ward.wards.store();
    let left = left
        .events_after(hidden, ward_core::id::Seq(0), 1000)
        .await
        .unwrap();
    let since = it.ward.clock.now().minus(minutes(24 * 60));
    assert!(!left.is_empty() && left.iter().all(|logged| logged.at >= since));
    // A patient's own are there, whatever their age, and whoever asks.
    assert_eq!(of_stay(patient.stay).await.unwrap().len(), 1);
    let store = it.ward.wards.store();
    let now = it.ward.clock.now();
    let gone = store
        .trim_canary(it.ward.ward, patient.stay, now, 1000)
        .await;
    assert_eq!(gone.unwrap(), 0);
    let log = it.ward.log().await;
    assert_eq!(log[..kept.len()], kept);
    assert_eq!(of_stay(patient.stay).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_round_by_itself() {
    let dead_man = Served::start(|_| Reply::of(200)).await;
    let options = SelfTestOptions {
        every: Duration::from_millis(200),
        ..options(&dead_man)
    };
    let _ward = TestWard::with(Kind::Sqlite, Clock::system(), |config| {
        config.self_test = Some(options);
    })
    .await;
    until("three rounds", || dead_man.heard().len() >= 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_speaks_tls_knows_its_own_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["ward.example.nhs.uk".to_owned()]).unwrap();
    let files = TlsFiles {
        certificate: folder.path().join("certificate.pem"),
        key: folder.path().join("key.pem"),
    };
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let dead_man = Served::start(|_| Reply::of(200)).await;
    let (options, used) = (options(&dead_man), files.clone());
    let ward = TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), |config| {
        config.self_test = Some(options);
        config.tls = Some(used);
        config.http.secure = true;
    })
    .await;
    assert_eq!(ward.tries_itself().await, Round::Through);
    assert_eq!(dead_man.heard().len(), 1);
}
