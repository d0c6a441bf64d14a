//! Wards.

use clap::{Args, Subcommand};
use ward_core::care::CarePlan;
use ward_core::day::StaffedHours;
use ward_core::plan::MonitoringPlan;
use ward_service::{NewWard, Wards};

#[derive(Subcommand)]
pub enum Command {
    /// Open a ward
    Add(Add),
    /// List the wards
    List,
}

#[derive(Args)]
pub struct Add {
    /// Said over the phone, for example PEN
    #[arg(long)]
    code: String,
    /// In full
    #[arg(long)]
    name: String,
    /// The ward's phone
    #[arg(long)]
    phone: String,
    /// IANA name
    #[arg(long, default_value = "Europe/London")]
    time_zone: String,
    /// A red without a recheck counts as confirmed after so many seconds
    #[arg(long, default_value_t = 300)]
    recheck_red_seconds: u32,
    /// An amber without a recheck counts as confirmed after so many seconds
    #[arg(long, default_value_t = 3600)]
    recheck_amber_seconds: u32,
}

pub async fn run(wards: &Wards, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add(add) => {
            let default_plan = MonitoringPlan {
                recheck_red_seconds: add.recheck_red_seconds,
                recheck_amber_seconds: add.recheck_amber_seconds,
                ..MonitoringPlan::scale_one()
            };
            let new = NewWard {
                code: add.code,
                name: add.name,
                phone: add.phone,
                time_zone: add.time_zone,
                default_plan,
                staffed: StaffedHours::default(),
                default_care: CarePlan::default(),
            };
            let ward = wards.open_ward(new).await?;
            println!(
                "Ward {} is open. Next: `wardlight user add`, then `wardlight user join`.",
                ward.code
            );
        }
        Command::List => {
            for ward in wards.all_wards().await? {
                println!(
                    "{}\t{}\t{}\t{}\t{}",
                    ward.code, ward.name, ward.phone, ward.time_zone, ward.id
                );
            }
        }
    }
    Ok(())
}
