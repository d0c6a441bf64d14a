//! Oximeters and bridges.

use anyhow::Context;
use clap::Subcommand;
use ward_core::device::DeviceAddress;
use ward_core::id::BridgeId;
use ward_core::patient::NhsNumber;
use ward_core::time::Timestamp;
use ward_service::{Bridge, BridgeKey, Wards};

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// Take an oximeter into the kit ledger
    Add {
        /// Bluetooth address, for example 00:1C:05:FF:4E:5D
        #[arg(long)]
        address: DeviceAddress,
        /// Maker and model
        #[arg(long)]
        model: String,
    },
    /// Give an oximeter to an admitted patient
    Assign {
        /// Its Bluetooth address
        #[arg(long)]
        address: DeviceAddress,
        /// Whose readings these are
        #[arg(long)]
        nhs_number: NhsNumber,
        /// The bridge that connects to it
        #[arg(long)]
        bridge: BridgeId,
        /// Since when, RFC 3339; now if left out. Readings measured earlier are not this patient's
        #[arg(long)]
        from: Option<jiff::Timestamp>,
    },
    /// Take an oximeter back
    Release {
        /// Its Bluetooth address
        #[arg(long)]
        address: DeviceAddress,
        /// When, RFC 3339; now if left out
        #[arg(long)]
        at: Option<jiff::Timestamp>,
    },
}

pub async fn run_device(wards: &Wards, command: DeviceCommand) -> anyhow::Result<()> {
    let or_now =
        |at: Option<jiff::Timestamp>| at.map_or_else(|| wards.clock().now(), Timestamp::from);
    match command {
        DeviceCommand::Add { address, model } => {
            let device = wards.add_device(address, &model).await?;
            println!(
                "{} is in the kit ledger. Next: `wardlight device assign`.",
                device.address
            );
        }
        DeviceCommand::Assign {
            address,
            nhs_number,
            bridge,
            from,
        } => {
            let record = wards.stay_of(&nhs_number).await?.context(
                "there is no open stay of this patient: `wardlight patient admit` first",
            )?;
            wards
                .assign_device(&address, record.stay.id, bridge, or_now(from))
                .await?;
            println!("{address} is assigned. The bridge connects to it within a minute.");
        }
        DeviceCommand::Release { address, at } => {
            wards.release_device(&address, or_now(at)).await?;
            println!("{address} is nobody's now.");
        }
    }
    Ok(())
}

#[derive(Subcommand)]
pub enum BridgeCommand {
    /// Add a bridge and print the one-time code to enrol it with
    Add {
        /// The ward that hears of what it cannot tie to a person
        #[arg(long)]
        ward: String,
        /// Where it stands; no patient's name
        #[arg(long)]
        name: String,
    },
    /// Print a new one-time code for a bridge that is there
    Code {
        /// The bridge's id
        bridge: BridgeId,
    },
    /// Take a bridge's credential away
    Revoke {
        /// The bridge's id
        bridge: BridgeId,
    },
    /// List the bridges
    List,
}

pub async fn run_bridge(wards: &Wards, command: BridgeCommand) -> anyhow::Result<()> {
    match command {
        BridgeCommand::Add { ward, name } => {
            let ward = super::ward_named(wards, &ward).await?;
            let code = wards.add_bridge(ward.id, &name).await?;
            println!(
                "Bridge {}\nOn the bridge, within 30 minutes: wardlight-bridge enrol --config FILE {}",
                code.bridge,
                code.code.reveal()
            );
        }
        BridgeCommand::Code { bridge } => {
            let code = wards.new_bridge_code(bridge).await?;
            println!(
                "On the bridge, within 30 minutes: wardlight-bridge enrol --config FILE {}",
                code.code.reveal()
            );
        }
        BridgeCommand::Revoke { bridge } => {
            let had = wards.revoke_bridge(bridge).await?;
            println!(
                "{}",
                if had {
                    "The credential was taken away."
                } else {
                    "This bridge has no credential."
                }
            );
        }
        BridgeCommand::List => {
            let (keys, now) = (wards.bridge_keys().await?, wards.clock().now());
            for bridge in wards.bridges().await? {
                let keys = keys.get(&bridge.id).map_or(&[][..], Vec::as_slice);
                println!("{}", bridge_line(&bridge, keys, now));
                for key in keys {
                    println!("\t{}", key_line(key, now));
                }
            }
        }
    }
    Ok(())
}

/// A bridge renews its key a month before; with less than this left it has not been able to for a while.
const LATE_DAYS: i64 = 14;

fn bridge_line(bridge: &Bridge, keys: &[BridgeKey], now: Timestamp) -> String {
    let state = match (bridge.enrolled_at, bridge.revoked_at) {
        (_, Some(at)) => format!("revoked {at}"),
        (Some(at), None) if keys.is_empty() => {
            format!("enrolled {at} with a token: `wardlight-bridge enrol --replace` gives it a key")
        }
        (Some(at), None) => format!("enrolled {at}"),
        (None, None) => "not enrolled yet".to_owned(),
    };
    let seen = bridge.last_seen_at;
    let seen = seen.map_or("never".to_owned(), |at| at.to_string());
    let in_use = keys
        .iter()
        .rfind(|key| key.ends_at.is_none() && key.first_used_at.is_some());
    let late =
        in_use.is_some_and(|key| bridge.revoked_at.is_none() && days_left(key, now) < LATE_DAYS);
    let mark = if late { "\tKEY NOT RENEWED" } else { "" };
    format!(
        "{}\t{}\t{state}\tlast seen {seen}{mark}",
        bridge.id, bridge.name
    )
}

fn key_line(key: &BridgeKey, now: Timestamp) -> String {
    let days = days_left(key, now);
    let state = match (key.ends_at, key.first_used_at) {
        (Some(at), _) if at <= now => "replaced".to_owned(),
        (Some(at), _) => format!("replaced, accepted until {at}"),
        (None, None) => "not used yet".to_owned(),
        (None, Some(_)) if days < 0 => {
            "EXPIRED, still accepted: see why the bridge could not renew it, or enrol it again"
                .to_owned()
        }
        (None, Some(_)) if days < LATE_DAYS => {
            format!("EXPIRES IN {days} DAYS: see why the bridge could not renew it")
        }
        (None, Some(_)) => "in use".to_owned(),
    };
    format!(
        "key {}\tmade {}\texpires {}\t{state}",
        key.id, key.made_at, key.expires_at
    )
}

fn days_left(key: &BridgeKey, now: Timestamp) -> i64 {
    key.expires_at.millis_since(now).div_euclid(24 * 3_600_000)
}

#[cfg(test)]
mod tests {
    use ward_core::id::WardId;
    use ward_core::time::minutes;
    use ward_service::BridgeKeyId;

    use super::*;

    const MADE: Timestamp = Timestamp::from_millis(1_795_248_000_000);

    fn after(days: u64) -> Timestamp {
        MADE.plus(minutes(days * 24 * 60))
    }

    fn key() -> BridgeKey {
        BridgeKey {
            id: BridgeKeyId([0xAB; 16]),
            public_key: [0; 32],
            made_at: MADE,
            expires_at: after(90),
            first_used_at: Some(MADE),
            ends_at: None,
        }
    }

    fn bridge() -> Bridge {
        Bridge {
            id: BridgeId(uuid::Uuid::nil()),
            ward: WardId(uuid::Uuid::nil()),
            name: "hall cupboard".to_owned(),
            version: "0.1.0".to_owned(),
            enrolled_at: Some(MADE),
            revoked_at: None,
            last_seen_at: None,
        }
    }

    #[test]
    fn the_list_says_in_good_time_that_a_key_was_not_renewed() {
        let line = |days| key_line(&key(), after(days));
        assert!(line(0).contains("abababab") && line(0).ends_with("in use"));
        assert!(line(75).ends_with("in use"));
        assert!(line(77).contains("EXPIRES IN 13 DAYS"), "{}", line(77));
        assert!(line(90).contains("EXPIRES IN 0 DAYS"), "{}", line(90));
        assert!(line(91).contains("EXPIRED, still accepted"), "{}", line(91));
        let whole = |days| bridge_line(&bridge(), &[key()], after(days));
        assert!(!whole(75).contains("KEY NOT RENEWED"));
        assert!(whole(77).ends_with("KEY NOT RENEWED"));
    }

    #[test]
    fn keys_that_were_replaced_or_not_used_and_bridges_with_a_token_are_told_apart() {
        let unused = BridgeKey {
            first_used_at: None,
            ..key()
        };
        assert!(key_line(&unused, MADE).ends_with("not used yet"));
        let replaced = BridgeKey {
            ends_at: Some(after(61)),
            ..key()
        };
        assert!(key_line(&replaced, after(60)).contains("replaced, accepted until"));
        assert!(key_line(&replaced, after(61)).ends_with("replaced"));
        assert!(bridge_line(&bridge(), &[], MADE).contains("with a token"));
        let revoked = Bridge {
            revoked_at: Some(MADE),
            ..bridge()
        };
        let line = bridge_line(&revoked, &[key()], after(200));
        assert!(
            line.contains("revoked") && !line.contains("NOT RENEWED"),
            "{line}"
        );
    }
}
