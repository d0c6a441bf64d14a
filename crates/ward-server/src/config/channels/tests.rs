//! What can be written, what is refused and why, and that no secret is told.

use super::*;

const NOTIFY_KEY: &str =
    "night-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ALL: &str = "\
    [email]\nhost = \"mail.example.nhs.uk\"\nfrom = \"Ward <ward@example.nhs.uk>\"\nuser = \"ward\"\npassword_file = \"password\"\n\
    [webhook]\nurl = \"https://pager.example.nhs.uk/in\"\nsecret_file = \"secret\"\nold_secret_file = \"secret\"\n\
    [sms]\napi_key_file = \"notify\"\ntemplate_id = \"f33517ff-2a88-4f6e-b855-c550268ce08a\"\n\
    [web_push]\nkey_file = \"push.pem\"\ncontact = \"mailto:it@example.nhs.uk\"\n";

fn folder() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let pem = VapidKey::new_pem().unwrap();
    for (name, text) in [
        ("password", "correct horse\n"),
        ("secret", WEBHOOK_SECRET),
        ("notify", NOTIFY_KEY),
        ("push.pem", &pem),
        ("empty", "\n"),
        ("two", "a\nb\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    (folder, pem)
}

fn parse(text: &str) -> Result<Channels, String> {
    let (folder, _) = folder();
    let part: ChannelsPart = toml::from_str(text).map_err(|error| error.to_string())?;
    part.into_channels(folder.path())
        .map_err(|error| error.to_string())
}

#[test]
fn nothing_said_is_no_channel() {
    let channels = parse("").unwrap();
    assert!(channels.email.is_none() && channels.webhook.is_none());
    assert!(channels.sms.is_none() && channels.web_push.is_none());
}

#[test]
fn the_least_that_can_be_written_is_enough() {
    let channels = parse(ALL).unwrap();
    let email = channels.email.unwrap();
    assert_eq!((email.port, email.security), (587, Security::StartTls));
    assert_eq!(email.hello, "example.nhs.uk");
    assert_eq!(channels.webhook.unwrap().signers.len(), 2);
    let sms = channels.sms.unwrap();
    assert_eq!(
        sms.url.as_str(),
        "https://api.notifications.service.gov.uk/"
    );
    assert_eq!(channels.web_push.unwrap().hosts.len(), 4);
}

#[test]
fn what_cannot_be_worked_by_is_refused_with_its_key() {
    for (was, now, place) in [
        (
            "host = \"mail.example.nhs.uk\"",
            "host = \"\"",
            "channels.email.host",
        ),
        (
            "host = \"mail",
            "host = \"mail\\r\\nRSET ",
            "channels.email.host",
        ),
        (
            "from = \"Ward <ward@example.nhs.uk>\"",
            "from = \"Ward\"",
            "channels.email.from",
        ),
        ("user = \"ward\"\n", "", "channels.email.password_file"),
        (
            "password_file = \"password\"",
            "password_file = \"empty\"",
            "channels.email.password_file",
        ),
        (
            "password_file = \"password\"",
            "password_file = \"two\"",
            "channels.email.password_file",
        ),
        (
            "password_file = \"password\"",
            "password_file = \"none\"",
            "none",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\nsecurity = \"plain\"",
            "channels.email.security",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\nsecurity = \"none\"",
            "security",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\nca_file = \"empty\"",
            "channels.email.ca_file",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\nhello_name = \"a b\"",
            "channels.email.hello_name",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\ntimeout_seconds = 60",
            "channels.email.timeout_seconds",
        ),
        (
            "user = \"ward\"",
            "user = \"ward\"\npassword = \"x\"",
            "password",
        ),
        ("https://pager", "http://pager", "channels.webhook.url"),
        (
            "secret_file = \"secret\"\nold",
            "secret_file = \"password\"\nold",
            "channels.webhook.secret_file",
        ),
        (
            "old_secret_file = \"secret\"",
            "old_secret_file = \"notify\"",
            "channels.webhook.old_secret_file",
        ),
        (
            "api_key_file = \"notify\"",
            "api_key_file = \"secret\"",
            "channels.sms.api_key_file",
        ),
        (
            "template_id = \"f33517ff",
            "template_id = \"x33517ff",
            "template_id",
        ),
        (
            "[sms]\n",
            "[sms]\nurl = \"http://notify.example.org\"\n",
            "channels.sms.url",
        ),
        (
            "[sms]\n",
            "[sms]\ntimeout_seconds = 0\n",
            "channels.sms.timeout_seconds",
        ),
        (
            "key_file = \"push.pem\"",
            "key_file = \"secret\"",
            "channels.web_push.key_file",
        ),
        (
            "mailto:it@example.nhs.uk",
            "it@example.nhs.uk",
            "channels.web_push.contact",
        ),
        (
            "[web_push]\n",
            "[web_push]\nhosts = [\"*\"]\n",
            "channels.web_push.hosts",
        ),
        (
            "[web_push]\n",
            "[web_push]\nhosts = []\n",
            "channels.web_push.hosts",
        ),
        ("[sms]\n", "[pigeon]\nx = 1\n[sms]\n", "pigeon"),
    ] {
        let text = ALL.replacen(was, now, 1);
        assert_ne!(text, ALL, "{was}");
        let error = parse(&text).unwrap_err();
        assert!(error.contains(place), "{now}: {error}");
    }
}

#[test]
fn in_the_clear_is_for_this_machine() {
    for host in ["localhost", "127.0.0.1"] {
        let text = ALL.replacen(
            "host = \"mail.example.nhs.uk\"",
            &format!("host = \"{host}\"\nsecurity = \"plain\""),
            1,
        );
        let email = parse(&text).unwrap().email.unwrap();
        assert_eq!((email.port, email.security), (25, Security::Plain));
    }
    for url in [
        "http://127.0.0.1:9/",
        "http://[::1]:9/",
        "http://localhost:9/",
    ] {
        let text = ALL.replacen("https://pager.example.nhs.uk/in", url, 1);
        assert!(parse(&text).is_ok(), "{url}");
    }
}

#[test]
fn neither_debug_nor_words_nor_an_error_tells_a_secret() {
    let (folder, pem) = folder();
    let part: ChannelsPart = toml::from_str(ALL).unwrap();
    let channels = part.into_channels(folder.path()).unwrap();
    let mut told = format!("{channels:?} {}", channels.in_words().join("\n"));
    for wrong in [
        ALL.replacen("notify", "secret", 1),
        ALL.replacen("secret\"\nold", "notify\"\nold", 1),
        ALL.replacen("push.pem", "password", 1),
        ALL.replacen("push.pem", "notify", 1),
    ] {
        told += &parse(&wrong).unwrap_err();
    }
    let pem_line = pem.lines().nth(1).unwrap();
    for secret in ["correct horse", "MfKQ9r8GKYqr", "3d844edf-8d35", pem_line] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    assert!(told.contains("mail.example.nhs.uk"), "{told}");
}

/// The sections of the example with their comment signs taken away, and files that are there.
#[test]
fn the_example_of_each_channel_is_a_channel() {
    let (folder, _) = folder();
    let example = include_str!("../../../../../deploy/wardlight.example.toml");
    let (_, from_here) = example.split_once("# [channels.email]").unwrap();
    let (sections, _) = from_here.split_once("\n[bridges]").unwrap();
    let mut text = "[email]\n".to_owned();
    for line in sections.lines() {
        let said = line.strip_prefix("#= ").or_else(|| line.strip_prefix("# "));
        let said = said.unwrap_or_default();
        let is_key = said.split_once(" = ").is_some_and(|(key, _)| {
            key.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        });
        if is_key || said.starts_with("[channels.") {
            text += &said.replace("[channels.", "[");
            text.push('\n');
        }
    }
    for (theirs, ours) in [
        ("/etc/wardlight/mail-authority.pem", "ca.pem"),
        (
            "/run/credentials/wardlight.service/mail-password",
            "password",
        ),
        (
            "/run/credentials/wardlight.service/notice-secret-old",
            "secret",
        ),
        ("/run/credentials/wardlight.service/notice-secret", "secret"),
        ("/run/credentials/wardlight.service/notify-key", "notify"),
        ("/etc/wardlight/push.pem", "push.pem"),
    ] {
        assert!(text.contains(theirs), "{theirs}");
        text = text.replace(theirs, ours);
    }
    let authority = rcgen::generate_simple_self_signed(["mail".to_owned()]).unwrap();
    std::fs::write(folder.path().join("ca.pem"), authority.cert.pem()).unwrap();
    let part: ChannelsPart = toml::from_str(&text).unwrap();
    let channels = part.into_channels(folder.path()).unwrap();
    assert_eq!(channels.in_words().len(), 4, "{channels:?}");
}
