//! E-mail.

use std::time::{Duration, Instant};

use ward_core::escalation::ChannelKind;
use ward_core::message::Trouble;
use ward_core::time::seconds;
use ward_server::carriers;
use ward_service::Clock;
use ward_service::carry::{Address, Carrier, Notice, Taken};
use ward_tests::desk::EIGHT;
use ward_tests::outside::smtp::{Fault, MailServer, NOBODY, PASSWORD, Setup, Step};
use ward_tests::outside::{again, configured, mail_text, notice, send, until};

const TAKEN: Result<Taken, Trouble> = Ok(Taken { reference: None });

struct Story {
    server: MailServer,
    carrier: Carrier,
}

/// A server and a channel: `more` is what else the section says.
async fn story_with(setup: Setup, password: &str, more: &str) -> Story {
    let server = MailServer::start(setup).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), password).unwrap();
    let sign_in = if setup.sign_in.is_empty() {
        ""
    } else {
        "user = \"ward\"\npassword_file = \"password\"\n"
    };
    let text = format!(
        "[channels.email]\nhost = \"localhost\"\nport = {}\nfrom = \"Wardlight <ward@example.nhs.uk>\"\n\
         timeout_seconds = 1\n{sign_in}{}",
        server.address.port(),
        more.replace("CA_FILE", &server.ca_file.display().to_string())
    );
    let channels = configured(folder.path(), &text);
    let carriers = carriers(&channels, &Clock::moved(EIGHT)).unwrap();
    Story {
        server,
        carrier: carriers.of(ChannelKind::Email).unwrap().clone(),
    }
}

async fn story(setup: Setup) -> Story {
    let security = match (setup.tls, setup.starttls) {
        (true, _) => "tls",
        (false, true) => "starttls",
        (false, false) => "plain",
    };
    let more = format!("security = \"{security}\"\nca_file = \"CA_FILE\"\n");
    story_with(setup, PASSWORD, &more).await
}

fn to(address: &str) -> Notice {
    notice(Address::Email {
        address: address.to_owned(),
    })
}

#[tokio::test]
async fn a_notice_arrives_as_a_letter_under_tls_signed_in_by_either_way() {
    for sign_in in ["PLAIN LOGIN", "PLAIN", "LOGIN"] {
        for (starttls, tls) in [(true, false), (false, true)] {
            let setup = Setup {
                starttls,
                tls,
                sign_in,
                ..Setup::USUAL
            };
            let story = story(setup).await;
            let sent = to("nurse@example.nhs.uk");
            assert_eq!(send(&story.carrier, &sent).await, TAKEN, "{setup:?}");
            let [letter] = &story.server.letters()[..] else {
                unreachable!("one letter was sent");
            };
            assert!(letter.under_tls);
            assert_eq!(letter.by.as_deref(), Some("ward"));
            assert_eq!(letter.from, "ward@example.nhs.uk");
            assert_eq!(letter.to, ["nurse@example.nhs.uk"]);
            let header = |name| mail_text::header(&letter.text, name);
            assert_eq!(header("Subject"), sent.title);
            assert_eq!(header("To"), "nurse@example.nhs.uk");
            assert_eq!(header("From"), "Wardlight <ward@example.nhs.uk>");
            assert_eq!(
                header("Message-ID"),
                format!("<{}@example.nhs.uk>", sent.id)
            );
            assert_eq!(header("Date"), "Sat, 21 Nov 2026 08:00:00 +0000");
            let body = mail_text::body(&letter.text).replace("\r\n", "\n");
            let link = sent.link.unwrap();
            assert_eq!(body.trim_end(), format!("{}\n\n{link}", sent.text));
            let in_the_clear: Vec<String> = story
                .server
                .heard()
                .into_iter()
                .filter_map(|(under_tls, line)| (!under_tls).then_some(line))
                .collect();
            let expected: &[&str] = if starttls {
                &["EHLO example.nhs.uk", "STARTTLS"]
            } else {
                &[]
            };
            assert_eq!(in_the_clear, expected);
        }
    }
}

#[tokio::test]
async fn letters_of_any_alphabet_and_with_lone_dots_arrive_as_they_were_written() {
    let story = story(Setup::USUAL).await;
    let mut sent = to("nurse@example.nhs.uk");
    sent.title = "Czerwony alarm: łóżko 4, سرخ الارم "
        .repeat(4)
        .trim()
        .to_owned();
    for text in [
        ".\n..\n.one\nthe end\n.".to_owned(),
        "Zażółć gęślą jaźń = 100 %\n.\nسرخ الارم 😀".to_owned(),
        "word ".repeat(400).trim().to_owned(),
        "x".repeat(3000),
    ] {
        sent.text = text;
        sent.link = None;
        assert_eq!(send(&story.carrier, &sent).await, TAKEN);
        let letter = story.server.letters().pop().unwrap();
        let body = mail_text::body(&letter.text).replace("\r\n", "\n");
        assert_eq!(body.trim_end_matches('\n'), sent.text);
        assert_eq!(mail_text::header(&letter.text, "Subject"), sent.title);
        for line in letter.text.split("\r\n") {
            assert!(line.len() <= 998, "{} bytes in a line", line.len());
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_or_of_another_name_gets_neither_password_nor_letter() {
    let without = Setup {
        starttls: false,
        ..Setup::USUAL
    };
    let starttls = "security = \"starttls\"\nca_file = \"CA_FILE\"\n";
    let nobody_vouches = "security = \"starttls\"\n";
    for (setup, more) in [(without, starttls), (Setup::USUAL, nobody_vouches)] {
        let story = story_with(setup, PASSWORD, more).await;
        let sent = send(&story.carrier, &to("nurse@example.nhs.uk")).await;
        assert_eq!(sent, Err(Trouble::NoAnswer), "{setup:?}");
        assert_eq!(story.server.letters().len(), 0);
        let heard = story.server.heard();
        assert!(
            heard
                .iter()
                .all(|(_, line)| !line.starts_with("AUTH") && !line.starts_with("MAIL")),
            "{heard:?}"
        );
    }
    // The certificate is for localhost, and this is the same machine by another name.
    let server = MailServer::start(Setup::USUAL).await;
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[channels.email]\nhost = \"127.0.0.1\"\nport = {}\nfrom = \"ward@example.nhs.uk\"\nca_file = \"{}\"\n",
        server.address.port(),
        server.ca_file.display()
    );
    let carriers = carriers(&configured(folder.path(), &text), &Clock::moved(EIGHT)).unwrap();
    let carrier = carriers.of(ChannelKind::Email).unwrap();
    let sent = send(carrier, &to("nurse@example.nhs.uk")).await;
    assert_eq!(sent, Err(Trouble::NoAnswer));
    assert_eq!(server.letters().len(), 0);
}

#[tokio::test]
async fn what_somebody_on_the_way_puts_behind_starttls_is_not_taken_for_the_servers_word() {
    // Were these believed, the letter would count as taken with nobody having got it.
    let setup = Setup {
        put_behind_starttls: "250 hello\r\n235 in\r\n250 from\r\n250 to\r\n354 go\r\n250 taken\r\n",
        ..Setup::USUAL
    };
    let story = story(setup).await;
    let sent = send(&story.carrier, &to("nurse@example.nhs.uk")).await;
    assert_eq!(sent, Err(Trouble::NoAnswer));
    assert_eq!(story.server.letters().len(), 0);
}

#[tokio::test]
async fn on_this_machine_a_server_may_speak_in_the_clear() {
    let setup = Setup {
        starttls: false,
        sign_in: "",
        ..Setup::USUAL
    };
    let story = story(setup).await;
    assert_eq!(
        send(&story.carrier, &to("nurse@example.nhs.uk")).await,
        TAKEN
    );
    assert!(!story.server.letters()[0].under_tls);
}

#[tokio::test]
async fn a_refusal_now_and_a_refusal_for_good_are_told_apart_at_every_step() {
    use Step::{Data, From, Goodbye, Greeting, Hello, Letter, SignIn, StartTls, To};
    let refused = |status| Err(Trouble::Refused { status });
    let rejected = |status| Err(Trouble::Rejected { status });
    let story = story(Setup::USUAL).await;
    for (step, says, expected) in [
        (Greeting, "421 4.3.2 later", refused(421)),
        (Greeting, "554 5.3.2 not from you", refused(554)),
        (Hello, "421 later", refused(421)),
        (Hello, "550 not from you", refused(550)),
        (StartTls, "454 4.7.0 no TLS now", refused(454)),
        (SignIn, "454 4.7.0 later", refused(454)),
        (SignIn, "535 5.7.8 no", refused(535)),
        (From, "451 4.3.0 later", refused(451)),
        (From, "550 5.7.1 not yours", rejected(550)),
        (To, "450 4.2.1 busy", refused(450)),
        (To, "550 5.1.1 nobody", rejected(550)),
        (To, "550-5.1.1 nobody\r\n550 of that name", rejected(550)),
        (Data, "451 4.3.0 later", refused(451)),
        (Data, "554 5.5.1 no", rejected(554)),
        (Letter, "452 4.3.1 full", refused(452)),
        (Letter, "552 5.3.4 too long", rejected(552)),
        (Letter, "gibberish", Err(Trouble::NoAnswer)),
    ] {
        story.server.at(step, Fault::Says(says));
        let sent = send(&story.carrier, &to("nurse@example.nhs.uk")).await;
        assert_eq!(sent, expected, "{step:?} {says}");
        assert_eq!(story.server.letters().len(), 0, "{step:?} {says}");
    }
    // What it says to goodbye changes nothing.
    story.server.at(Goodbye, Fault::Says("421 later"));
    assert_eq!(
        send(&story.carrier, &to("nurse@example.nhs.uk")).await,
        TAKEN
    );
    assert_eq!(story.server.letters().len(), 1);
    assert_eq!(send(&story.carrier, &to(NOBODY)).await, rejected(550));
}

#[tokio::test]
async fn a_line_that_goes_or_falls_silent_at_any_step_is_no_answer_within_the_time() {
    use Step::{Data, From, Greeting, Hello, Letter, SignIn, StartTls, To};
    for step in [Greeting, Hello, StartTls, SignIn, From, To, Data, Letter] {
        for fault in [Fault::HangsUp, Fault::Waits(seconds(20))] {
            let story = story(Setup::USUAL).await;
            story.server.at(step, fault);
            let began = Instant::now();
            let sent = send(&story.carrier, &to("nurse@example.nhs.uk")).await;
            assert_eq!(sent, Err(Trouble::NoAnswer), "{step:?} {fault:?}");
            let took = began.elapsed();
            assert!(took < Duration::from_secs(4), "{step:?} {fault:?} {took:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_slow_to_say_goodbye_has_taken_the_letter_all_the_same() {
    for fault in [Fault::Waits(seconds(20)), Fault::HangsUp] {
        let story = story(Setup::USUAL).await;
        story.server.at(Step::Goodbye, fault);
        assert_eq!(
            send(&story.carrier, &to("nurse@example.nhs.uk")).await,
            TAKEN
        );
        assert_eq!(story.server.letters().len(), 1);
    }
}

#[tokio::test]
async fn a_letter_that_comes_twice_because_an_answer_got_lost_has_one_id() {
    for fault in [
        Fault::TakesAndHangsUp,
        Fault::Waits(Duration::from_millis(1500)),
    ] {
        let story = story(Setup::USUAL).await;
        story.server.at(Step::Letter, fault);
        let sent = to("nurse@example.nhs.uk");
        assert_eq!(send(&story.carrier, &sent).await, Err(Trouble::NoAnswer));
        if matches!(fault, Fault::Waits(_)) {
            let nobody_left = || story.server.answered_nobody() == 1;
            until("it answers when the client has gone", nobody_left).await;
        }
        assert_eq!(send(&story.carrier, &again(&sent)).await, TAKEN);
        let ids: Vec<String> = story
            .server
            .letters()
            .iter()
            .map(|letter| mail_text::header(&letter.text, "Message-ID"))
            .collect();
        assert_eq!(
            ids.len(),
            2,
            "SMTP knows no repeat; the mailbox does, by this"
        );
        assert_eq!(ids[0], ids[1]);
    }
}

#[tokio::test]
async fn a_wrong_password_is_no_reason_to_give_a_notice_up() {
    let more = "security = \"starttls\"\nca_file = \"CA_FILE\"\n";
    let story = story_with(Setup::USUAL, "guess", more).await;
    let sent = send(&story.carrier, &to("nurse@example.nhs.uk")).await;
    assert_eq!(sent, Err(Trouble::Refused { status: 535 }));
}

#[tokio::test]
async fn nothing_that_stands_in_a_notice_becomes_a_header_or_a_command() {
    let story = story(Setup::USUAL).await;
    for address in [
        "nurse@example.nhs.uk>\r\nRCPT TO:<everybody@example.org",
        "nurse@example.nhs.uk\r\nDATA",
        "nurse@example.nhs.uk, everybody@example.org",
    ] {
        let sent = send(&story.carrier, &to(address)).await;
        assert_eq!(sent, Err(Trouble::BadAddress), "{address:?}");
    }
    assert_eq!(story.server.heard(), []);
    let mut sly = to("nurse@example.nhs.uk");
    sly.title = "Red\r\nBcc: everybody@example.org\r\n\r\nboo".to_owned();
    sly.text =
        "x\r\n.\r\nMAIL FROM:<x@example.org>\r\nRCPT TO:<everybody@example.org>\r\n".to_owned();
    assert_eq!(send(&story.carrier, &sly).await, TAKEN);
    let [letter] = &story.server.letters()[..] else {
        unreachable!("one letter was sent");
    };
    assert_eq!(letter.to, ["nurse@example.nhs.uk"]);
    assert_eq!(mail_text::header(&letter.text, "Bcc"), "");
}
