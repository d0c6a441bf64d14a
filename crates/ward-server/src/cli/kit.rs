//! Oximeters and bridges.

use anyhow::Context;
use clap::Subcommand;
use ward_core::device::DeviceAddress;
use ward_core::id::BridgeId;
use ward_core::patient::NhsNumber;
use ward_core::time::Timestamp;
use ward_service::Wards;

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
            for bridge in wards.bridges().await? {
                let state = match (bridge.enrolled_at, bridge.revoked_at) {
                    (_, Some(at)) => format!("revoked {at}"),
                    (Some(at), None) => format!("enrolled {at}"),
                    (None, None) => "not enrolled yet".to_owned(),
                };
                let seen = bridge
                    .last_seen_at
                    .map_or("never".to_owned(), |at| at.to_string());
                println!("{}\t{}\t{state}\tlast seen {seen}", bridge.id, bridge.name);
            }
        }
    }
    Ok(())
}
