//! A notice as a letter: plain text, with headers that nobody else has a hand in.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use ward_core::alert::Severity;
use ward_core::message::Trouble;
use ward_core::time::Timestamp;
use ward_service::carry::Notice;

/// Characters of an address at most (RFC 5321, section 4.5.3.1.3, without its brackets).
const ADDRESS_AT_MOST: usize = 254;

/// Characters of a subject at most: what a phone shows of it, several times over.
const SUBJECT_AT_MOST: usize = 200;

/// Whom a letter goes to.
pub fn recipient(text: &str) -> Result<lettre::Address, Trouble> {
    let text = text.trim();
    let sound = text.len() <= ADDRESS_AT_MOST
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        // It stands between these on the line.
        && !text.contains(['<', '>']);
    if !sound {
        return Err(Trouble::BadAddress);
    }
    text.parse().map_err(|_| Trouble::BadAddress)
}

/// The letter as it goes over the line, dots not yet doubled.
pub fn write(
    notice: &Notice,
    from: &Mailbox,
    to: lettre::Address,
    now: Timestamp,
) -> Result<Vec<u8>, Trouble> {
    // The same at every attempt: a mailbox that gets it twice can tell.
    let message_id = format!("<{}@{}>", notice.id, from.email.domain());
    let mut letter = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(one_line(&notice.title))
        .message_id(Some(message_id))
        .date(date(now))
        // Nobody's holiday note answers it (RFC 3834).
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if notice.severity == Severity::Red {
        letter = letter.raw_header(header("Importance", "high"));
    }
    let text = match &notice.link {
        Some(link) => format!("{}\n\n{link}\n", plain(&notice.text)),
        None => format!("{}\n", plain(&notice.text)),
    };
    let letter = letter
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|_| Trouble::BadAddress)?;
    Ok(letter.formatted())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn date(now: Timestamp) -> SystemTime {
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

/// One line whatever comes in: a line break in a subject would begin a header of somebody else's.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SUBJECT_AT_MOST)
        .collect()
}

/// Text with no control but the line break.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use ward_core::id::Seq;
    use ward_service::carry::Address;

    use super::*;

    fn notice(title: &str, text: &str) -> Notice {
        Notice {
            id: Uuid::from_u128(7),
            attempt: 1,
            to: Address::Webhook,
            ward_code: "PEN".to_owned(),
            alert: Some(Seq(4711)),
            severity: Severity::Red,
            level: 2,
            title: title.to_owned(),
            text: text.to_owned(),
            link: None,
            expires_at: Timestamp::from_millis(1_795_248_000_000),
        }
    }

    fn written(title: &str, text: &str) -> String {
        let from: Mailbox = "Ward <ward@example.nhs.uk>".parse().unwrap();
        let to = recipient("nurse@example.nhs.uk").unwrap();
        let now = Timestamp::from_millis(1_795_248_000_000);
        String::from_utf8(write(&notice(title, text), &from, to, now).unwrap()).unwrap()
    }

    fn header_names(letter: &str) -> Vec<&str> {
        let (head, _) = letter.split_once("\r\n\r\n").unwrap();
        head.split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split_once(':').unwrap().0)
            .collect()
    }

    #[test]
    fn nothing_in_a_title_or_a_text_begins_a_header() {
        let usual = written("Red alert PEN 4711", "Look at the board.");
        let names = header_names(&usual);
        for sly in [
            "x\r\nBcc: everybody@example.org",
            "x\nBcc: everybody@example.org",
            "x\rBcc: everybody@example.org",
            "x\0\u{85}\u{2028}Bcc: everybody@example.org",
            "é\r\n\r\nBcc: everybody@example.org",
            &format!("{}\r\nBcc: everybody@example.org", "long ".repeat(60)),
        ] {
            let letter = written(sly, sly);
            assert_eq!(header_names(&letter), names, "{sly:?}");
            for line in letter.split("\r\n") {
                assert!(!line.contains(['\r', '\n', '\0']), "{sly:?}: {line:?}");
            }
        }
    }

    #[test]
    fn the_id_of_a_letter_is_the_notices_at_every_attempt() {
        let letter = written("Red", "Look");
        let id = "Message-ID: <00000000-0000-0000-0000-000000000007@example.nhs.uk>\r\n";
        assert!(letter.contains(id), "{letter}");
        assert!(letter.contains("Date: Sat, 21 Nov 2026 "), "{letter}");
        assert!(
            letter.contains("Auto-Submitted: auto-generated\r\n"),
            "{letter}"
        );
        assert!(letter.contains("Importance: high\r\n"), "{letter}");
    }

    #[test]
    fn what_is_no_address_goes_nowhere() {
        let long = format!("{}@example.org", "x".repeat(250));
        for text in [
            "",
            "nurse",
            "nurse@",
            "@example.org",
            "nurse@example.org\r\nRCPT TO:<other@example.org>",
            "nurse@example.org> NOTIFY=<x@example.org",
            "\"a\r\nb\"@example.org",
            "a b@example.org",
            "nurse@example.org,other@example.org",
            "schwester@exämple.org",
            &long,
        ] {
            assert_eq!(recipient(text), Err(Trouble::BadAddress), "{text:?}");
        }
        for text in [
            "nurse@example.org",
            " o'hara+night@example.nhs.uk ",
            "n@localhost",
        ] {
            assert_eq!(recipient(text).unwrap().to_string(), text.trim());
        }
    }
}
