use std::path::{Path, PathBuf};
use std::time::Duration;

use ward_core::time::minutes;
use ward_server::Paper;
use ward_service::{Clock, Referral};
use ward_tests::desk::EIGHT;
use ward_tests::paper::lines_of;
use ward_tests::people::referral;
use ward_tests::{Bridge, Kind, TestWard, spo2};

/// A ward whose paper goes to a folder that is not there yet.
async fn with_paper(folder: &Path) -> TestWard {
    let paper = Paper {
        folder: folder.join("paper"),
        keep: Duration::from_secs(2 * 3600),
    };
    let change = |config: &mut ward_server::Config| config.paper = Some(paper);
    TestWard::with(Kind::Sqlite, Clock::moved(EIGHT), change).await
}

/// The lines of a paper, as soon as it is there.
async fn paper(folder: &Path, name: &str) -> Vec<String> {
    let path: PathBuf = folder.join("paper").join(name);
    let there = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            if let Ok(pdf) = std::fs::read(&path) {
                return lines_of(&pdf);
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_secs(20), there).await;
    waited.unwrap_or_else(|_| panic!("{name} was never written"))
}

fn place(lines: &[String], start: &str) -> usize {
    let found = lines.iter().position(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no line begins with {start}: {lines:#?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_red_and_whom_to_ring_are_found_on_the_newest_paper_with_their_phones() {
    let folder = tempfile::tempdir().unwrap();
    let ward = with_paper(folder.path()).await;
    let bridge = Bridge::enrolled_at(&ward).await;
    let polish = Referral {
        family_name: "Żółtowska".to_owned(),
        // As a Mac types it: the letter, then its mark.
        given_name: "Elz\u{307}bieta".to_owned(),
        phone: "07700 900 123".to_owned(),
        door_access: "Key safe by the side gate".to_owned(),
        ..referral(500)
    };
    let stay = ward.wards.admit(ward.ward, polish).await.unwrap().stay;
    let oximeter = ward.new_oximeter().await;
    ward.give(&oximeter, stay, &bridge).await;
    ward.admit().await;
    bridge.measures(&oximeter, spo2(88.0)).await;
    ward.after(minutes(60)).await;

    let lines = paper(folder.path(), "PEN-2026-11-21T0900Z.pdf").await;
    let has = |text: &str| lines.iter().any(|line| line.contains(text));
    let (board, calls) = (
        place(&lines, "Board: 1 red (1 nobody's)"),
        place(&lines, "Call list: 2 to ring"),
    );
    let name = "ŻÓŁTOWSKA, Elżbieta";
    let told: Vec<usize> = (0..lines.len()).filter(|at| lines[*at] == name).collect();
    assert_eq!(told.len(), 2, "{lines:#?}");
    assert!(board < told[0] && told[0] < calls && calls < told[1]);
    for text in [
        "as of 09:00 on Saturday 21-Nov-2026",
        "*** RED",
        "88 % *** red at 08:00",
        "07700 900 123",
        "Key safe by the side gate",
        "Nobody has it",
        "Page 1 of 1",
    ] {
        assert!(has(text), "{text}: {lines:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_written_at_the_start_and_with_each_hour_and_old_ones_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut ward = with_paper(folder.path()).await;
    for hour in ["T0900Z", "T1000Z", "T1100Z", "T1200Z"] {
        ward.after(minutes(60)).await;
        paper(folder.path(), &format!("PEN-2026-11-21{hour}.pdf")).await;
    }
    let kept = folder.path().join("paper");
    let gone = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        while kept.join("PEN-2026-11-21T0900Z.pdf").exists() {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone)
        .await
        .unwrap();
    assert!(kept.join("PEN-2026-11-21T1000Z.pdf").exists());
    ward.stop().await;
    for name in ["PEN-newest.pdf", "PEN-2026-11-21T1200Z.pdf"] {
        std::fs::remove_file(kept.join(name)).unwrap();
    }
    ward.start().await;
    let newest = paper(folder.path(), "PEN-newest.pdf").await;
    assert!(newest[0].contains("as of 12:00"), "{newest:?}");
}
