use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::time::minutes;
use ward_tests::browser::{Browser, page_of};
use ward_tests::silence::asks_for_diary_at;
use ward_tests::{Nurse, TestWard, on_both_databases};

on_both_databases!(
    whoever_comes_back_is_asked_and_goes_on_with_the_same_entry,
    it_is_of_one_person_on_one_device_and_goes_when_they_sign_out,
    it_is_gone_when_its_day_is_over_and_when_it_was_sent,
    a_red_answer_goes_to_the_ward_whichever_way_the_page_is_left,
);

async fn admitted(ward: &TestWard) -> StayId {
    let stay = ward.admit().await;
    let mut care = asks_for_diary_at(&[9]);
    if let Some(diary) = &mut care.diary {
        "covid-oximetry-home".clone_into(&mut diary.questionnaire);
    }
    ward.asks(stay, &care).await;
    stay
}

async fn comes_in<'a>(ward: &'a TestWard, asha: &Nurse, stay: StayId) -> Browser<'a> {
    let mut browser = Browser::new(ward);
    let code = asha.gives_code(stay, None).await.code;
    browser.comes_in(&code).await;
    browser
}

/// Opens a page and says what it says, without the marks that hold a number together.
async fn says(browser: &Browser<'_>, stay: StayId, page: &str) -> String {
    let reply = browser.opens(&page_of(stay, page)).await;
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    text.replace(['\u{2068}', '\u{2069}'], "")
}

/// Two questions answered, the temperature and full sentences, with one left out between them.
async fn begins(browser: &Browser<'_>, stay: StayId, id: Uuid) {
    let diary = page_of(stay, "/diary");
    for form in [
        format!("id={id}&at=0&answer-temperature=37%2C5&do=next"),
        format!("id={id}&at=1&answer-temperature=37%2C5&do=skip"),
        format!("id={id}&at=2&answer-temperature=37%2C5&answer-full_sentences=yes&do=next"),
    ] {
        assert_eq!(browser.sends(&diary, &form).await.status, 200, "{form}");
    }
}

const BEGUN: &str = "You answered 2 of 13 questions at 08:00";

async fn whoever_comes_back_is_asked_and_goes_on_with_the_same_entry(ward: TestWard) {
    let stay = admitted(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = comes_in(&ward, &asha, stay).await;
    let id = Uuid::new_v4();
    begins(&ada, stay, id).await;
    ward.clock.advance(minutes(90));

    assert!(says(&ada, stay, "").await.contains(BEGUN));
    let asked = ada.opens(&page_of(stay, "/diary")).await;
    assert_eq!(asked.status, 303);
    assert_eq!(asked.header("location"), page_of(stay, "/diary/unfinished"));
    assert!(says(&ada, stay, "/diary/unfinished").await.contains(BEGUN));
    assert!(
        asha.diary(stay).await.entries.is_empty(),
        "nothing was sent"
    );

    let unfinished = page_of(stay, "/diary/unfinished");
    let next = ada.sends(&unfinished, "do=go-on").await;
    let next = String::from_utf8_lossy(&next.body).into_owned();
    for wanted in [
        format!("value=\"{id}\""),
        "name=\"answer-temperature\" value=\"37.5\"".to_owned(),
        "name=\"answer-full_sentences\" value=\"yes\"".to_owned(),
        "name=\"at\" value=\"3\"".to_owned(),
    ] {
        assert!(next.contains(&wanted), "{wanted} is not in {next}");
    }

    // Another copy of the questions keeps nothing of what it does not ask.
    let strange = format!(
        "id={id}&at=3&answer-nothing-such={}&do=keep",
        "x".repeat(5_000)
    );
    ada.sends(&page_of(stay, "/diary"), &strange).await;
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
    begins(&ada, stay, id).await;
    let again = ada.sends(&unfinished, "do=again").await;
    assert_eq!(again.header("location"), page_of(stay, "/diary"));
    assert!(
        says(&ada, stay, "/diary")
            .await
            .contains("name=\"at\" value=\"0\"")
    );
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
}

async fn it_is_of_one_person_on_one_device_and_goes_when_they_sign_out(ward: TestWard) {
    let (stay, other) = (admitted(&ward).await, admitted(&ward).await);
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = comes_in(&ward, &asha, stay).await;
    let her_daughter = comes_in(&ward, &asha, stay).await;
    begins(&ada, stay, Uuid::new_v4()).await;
    assert!(says(&ada, stay, "").await.contains(BEGUN));
    assert!(!says(&her_daughter, stay, "").await.contains("not sent yet"));

    // The same tablet knows somebody else, too.
    let neighbour = comes_in(&ward, &asha, other).await;
    let both = format!(
        "{}~{}",
        ada.cookie,
        neighbour.cookie.split_once('=').unwrap().1
    );
    let tablet = Browser {
        cookie: both,
        ..Browser::new(&ward)
    };
    assert!(says(&tablet, stay, "").await.contains(BEGUN));
    for page in ["", "/diary"] {
        let said = says(&tablet, other, page).await;
        assert!(
            !said.contains("not sent yet") && said.contains("<h1"),
            "{page}: {said}"
        );
    }

    let mut behind = ward.database.look_behind().await;
    let kept = "select count(*) from access_token where unfinished is not null";
    assert_eq!(behind.count(kept).await, 1);
    assert_eq!(ada.sends(&page_of(stay, "/leave"), "").await.status, 303);
    assert_eq!(behind.count(kept).await, 0);
    begins(&her_daughter, stay, Uuid::new_v4()).await;
    assert_eq!(behind.count(kept).await, 1);
    let path = asha.of_stay(stay, "/access");
    asha.changes(reqwest::Method::DELETE, &path, &()).await;
    assert_eq!(
        behind.count(kept).await,
        0,
        "the ward has shut every device out"
    );
}

async fn it_is_gone_when_its_day_is_over_and_when_it_was_sent(ward: TestWard) {
    let stay = admitted(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = comes_in(&ward, &asha, stay).await;
    let id = Uuid::new_v4();
    begins(&ada, stay, id).await;
    let send = format!("id={id}&at=3&answer-temperature=37%2C5&answer-full_sentences=yes&do=send");
    assert_eq!(ada.sends(&page_of(stay, "/diary"), &send).await.status, 303);
    assert_eq!(asha.diary(stay).await.entries.len(), 1);
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
    // What the device sent before, and what arrives after it.
    let late = format!("id={id}&at=1&answer-temperature=37%2C5&do=keep");
    ada.sends(&page_of(stay, "/diary"), &late).await;
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));

    begins(&ada, stay, Uuid::new_v4()).await;
    ward.clock.advance(minutes(15 * 60 + 59));
    assert!(says(&ada, stay, "").await.contains("not sent yet"));
    ward.clock.advance(minutes(2));
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
    assert_eq!(ada.opens(&page_of(stay, "/diary")).await.status, 200);
    // Yesterday's answers, from a device that had no internet.
    let waited = format!(
        "id={}&at=1&answer-temperature=37%2C5&do=keep&waited_seconds=36000",
        Uuid::new_v4()
    );
    ada.sends(&page_of(stay, "/diary"), &waited).await;
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
}

async fn a_red_answer_goes_to_the_ward_whichever_way_the_page_is_left(ward: TestWard) {
    let stay = admitted(&ward).await;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let ada = comes_in(&ward, &asha, stay).await;
    let id = Uuid::new_v4();
    let back = format!("id={id}&at=2&answer-temperature=37%2C5&answer-full_sentences=no&do=back");
    assert_eq!(ada.sends(&page_of(stay, "/diary"), &back).await.status, 303);
    let told = says(&ada, stay, &format!("/result/{id}")).await;
    assert!(told.contains("Call 999 now"), "{told}");
    assert_eq!(asha.diary(stay).await.entries.len(), 1);
    assert!(!says(&ada, stay, "").await.contains("not sent yet"));
}
