//! The running service has the channels of its configuration.

use ward_core::escalation::ChannelKind;
use ward_core::time::seconds;
use ward_service::Clock;
use ward_service::carry::Address;
use ward_tests::desk::EIGHT;
use ward_tests::outside::hook::{HookReceiver, SECRET};
use ward_tests::outside::{configured, notice, send};
use ward_tests::{Kind, TestWard};

#[tokio::test]
async fn a_running_service_tells_by_what_is_configured_on_its_own_clock() {
    let clock = Clock::moved(EIGHT);
    let receiver = HookReceiver::knowing(SECRET, clock.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    let text = format!(
        "[channels.webhook]\nurl = \"{}\"\nsecret_file = \"secret\"\n",
        receiver.url()
    );
    let channels = configured(folder.path(), &text);
    let ward = TestWard::with(Kind::Sqlite, clock.clone(), |config| {
        config.channels = channels;
    })
    .await;
    let carriers = ward.carriers();
    assert_eq!(carriers.kinds().collect::<Vec<_>>(), [ChannelKind::Webhook]);
    assert!(carriers.of(ChannelKind::Sms).is_none());
    clock.advance(seconds(86_400));
    let webhook = carriers.of(ChannelKind::Webhook).unwrap();
    send(webhook, &notice(Address::Webhook)).await.unwrap();
    assert_eq!(receiver.doubts(), []);
}
