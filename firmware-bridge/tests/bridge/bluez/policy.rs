//! The package's rule for the message bus, read by a real bus.

use zbus::connection::Builder;
use zbus::fdo;

use super::FakeBluez;
use super::bus::Bus;

const POLICY: &str = include_str!("../../../../deploy/debian-bridge/dbus-policy.conf");

/// As Debian's system bus with BlueZ's own rule: nobody but `me`, who plays BlueZ, may do anything there.
fn system_bus(folder: &std::path::Path, me: &str, policy: &str) -> std::path::PathBuf {
    let (config, rule) = (folder.join("bus.conf"), folder.join("rule.conf"));
    std::fs::write(&rule, policy).unwrap();
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>custom</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
          <policy context="default">
            <allow user="*"/><deny own="*"/><deny send_type="method_call"/>
            <allow send_type="signal"/>
            <allow send_requested_reply="true" send_type="method_return"/>
            <allow send_requested_reply="true" send_type="error"/>
            <allow receive_type="method_call"/><allow receive_type="method_return"/>
            <allow receive_type="error"/><allow receive_type="signal"/>
            <allow send_destination="org.freedesktop.DBus"/>
            <deny send_destination="org.bluez"/>
          </policy>
          <policy user="{me}"><allow own="org.bluez"/></policy>
          <include>{}</include>
        </busconfig>"#,
        rule.display()
    );
    std::fs::write(&config, text).unwrap();
    config
}

/// Whether I may talk to BlueZ, and own a name, when the rule is for `user`.
async fn what_i_may(me: &str, user: &str) -> (bool, bool) {
    let folder = tempfile::tempdir().unwrap();
    let policy = POLICY.replace("user=\"wardlight-bridge\"", &format!("user=\"{user}\""));
    assert_ne!(policy, POLICY);
    let bus = Bus::with_config(&system_bus(folder.path(), me, &policy)).await;
    let _bluez = FakeBluez::start(&bus).await;
    let bridge = Builder::address(bus.address.as_str())
        .build()
        .await
        .unwrap();
    let objects = fdo::ObjectManagerProxy::builder(&bridge)
        .destination("org.bluez")
        .path("/")
        .build()
        .await
        .unwrap();
    let talks = match objects.get_managed_objects().await {
        Ok(_) => true,
        Err(fdo::Error::AccessDenied(_)) => false,
        Err(why) => panic!("{why}"),
    };
    (
        talks,
        bridge.request_name("org.wardlight.bridge").await.is_ok(),
    )
}

#[tokio::test]
async fn the_bridges_user_may_talk_to_bluez_another_may_not_and_neither_owns_a_name() {
    let uid = rustix::process::getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let users: Vec<Vec<&str>> = users
        .lines()
        .map(|line| line.split(':').collect())
        .collect();
    let named = |mine: bool| {
        let found = users
            .iter()
            .find(|user| (user.get(2) == Some(&uid.as_str())) == mine);
        (*found.unwrap().first().unwrap()).to_owned()
    };
    let (me, another) = (named(true), named(false));
    assert_eq!(what_i_may(&me, &me).await, (true, false));
    assert_eq!(what_i_may(&me, &another).await, (false, false));
}
