//! Whatever goes out of the house names a ward and an alert, and no patient.

use std::path::Path;

use ward_core::escalation::ChannelKind;
use ward_server::{Channels, VapidKey, carriers};
use ward_service::Clock;
use ward_service::carry::{Address, Carriers, Notice};
use ward_tests::desk::EIGHT;
use ward_tests::outside::hook::{HookReceiver, SECRET};
use ward_tests::outside::notify::{Notify, TEMPLATE};
use ward_tests::outside::push::{Browser, PushService};
use ward_tests::outside::smtp::{MailServer, PASSWORD, Setup};
use ward_tests::outside::{assert_tells_of_nobody, configured, mail_text, notice, send};

const BROWSER: Browser = Browser::number(3);

/// A patient as nobody outside may hear of: name, number of the NHS, telephone, address.
const CANARIES: &[&str] = &[
    "Wilhelmina",
    "Quackenbush",
    "943 476 5919",
    "07700 900 999",
    "Canary Row",
];

/// All four other ends.
struct Outside {
    mail: MailServer,
    hook: HookReceiver,
    notify: Notify,
    push: PushService,
    carriers: Carriers,
}

impl Outside {
    async fn with_all_channels() -> Self {
        let clock = Clock::moved(EIGHT);
        let folder = tempfile::tempdir().unwrap();
        let mail = MailServer::start(Setup::USUAL).await;
        let hook = HookReceiver::knowing(SECRET, clock.clone()).await;
        let notify = Notify::start(clock.clone()).await;
        for (name, text) in [
            ("password", PASSWORD),
            ("secret", SECRET),
            ("notify", &Notify::api_key()),
            ("push.pem", &VapidKey::new_pem().unwrap()),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let channels = all(folder.path(), &mail, &hook, &notify);
        let key = channels.web_push.as_ref().unwrap().key.public();
        Self {
            push: PushService::start(&key, clock.clone()).await,
            carriers: carriers(&channels, &clock).unwrap(),
            mail,
            hook,
            notify,
        }
    }

    /// By every channel.
    async fn send(&self, notice: &Notice) {
        for to in [
            Address::Email {
                address: "nurse@example.nhs.uk".to_owned(),
            },
            Address::Webhook,
            Address::Phone {
                number: "07700 900 123".to_owned(),
            },
            BROWSER.at(self.push.endpoint(1)),
        ] {
            let carrier = self.carriers.of(to.channel()).unwrap();
            let sent = Notice {
                to,
                ..notice.clone()
            };
            send(carrier, &sent).await.unwrap();
        }
    }

    /// Everything that each heard, encodings and encryption taken away: heads, bodies and envelopes.
    fn heard(&self) -> Vec<(&'static str, String)> {
        let mail: Vec<String> = self
            .mail
            .heard()
            .into_iter()
            .map(|(_, line)| line)
            .chain(self.mail.letters().iter().flat_map(|letter| {
                let subject = mail_text::header(&letter.text, "Subject");
                [subject, mail_text::body(&letter.text)]
            }))
            .collect();
        let pushed: Vec<String> = self
            .push
            .waiting()
            .iter()
            .map(|pushed| String::from_utf8(BROWSER.opens(&pushed.body).unwrap()).unwrap())
            .collect();
        vec![
            ("e-mail", mail.join("\n")),
            ("webhook", self.hook.served.heard_text()),
            ("text message", self.notify.served.heard_text()),
            ("push", self.push.served.heard_text() + &pushed.join("\n")),
        ]
    }
}

fn all(folder: &Path, mail: &MailServer, hook: &HookReceiver, notify: &Notify) -> Channels {
    let text = format!(
        "[channels.email]\nhost = \"localhost\"\nport = {}\nca_file = \"{}\"\nfrom = \"ward@example.nhs.uk\"\n\
         user = \"ward\"\npassword_file = \"password\"\n\
         [channels.webhook]\nurl = \"{}\"\nsecret_file = \"secret\"\n\
         [channels.sms]\nurl = \"{}\"\napi_key_file = \"notify\"\ntemplate_id = \"{TEMPLATE}\"\n\
         [channels.web_push]\nkey_file = \"push.pem\"\ncontact = \"mailto:it@example.nhs.uk\"\nhosts = [\"127.0.0.1\"]\n",
        mail.address.port(),
        mail.ca_file.display(),
        hook.url(),
        notify.url(),
    );
    configured(folder, &text)
}

#[tokio::test]
async fn a_notice_by_all_four_channels_tells_of_nobody() {
    let outside = Outside::with_all_channels().await;
    let kinds: Vec<ChannelKind> = outside.carriers.kinds().collect();
    assert_eq!(
        kinds,
        [
            ChannelKind::Email,
            ChannelKind::Sms,
            ChannelKind::Webhook,
            ChannelKind::WebPush
        ]
    );
    outside.send(&notice(Address::Webhook)).await;
    let heard = outside.heard();
    assert_eq!(heard.len(), 4);
    for (channel, text) in &heard {
        assert!(
            text.contains("4711"),
            "{channel} does not say which alert: {text}"
        );
    }
    assert_tells_of_nobody(&heard, CANARIES);
}

#[tokio::test]
async fn a_name_that_slips_into_a_notice_is_found_in_each_of_the_four() {
    let outside = Outside::with_all_channels().await;
    let mut leaky = notice(Address::Webhook);
    leaky.text = "Ring Wilhelmina on 07700900999, łóżko 4".to_owned();
    outside.send(&leaky).await;
    for heard in outside.heard() {
        for canary in ["Wilhelmina", "07700 900 999"] {
            let (channel, heard) = (heard.0, vec![heard.clone()]);
            let looked = std::panic::catch_unwind(|| assert_tells_of_nobody(&heard, &[canary]));
            assert!(
                looked.is_err(),
                "{canary} went out by {channel}, and nobody noticed"
            );
        }
    }
}
