//! Patients.

use clap::{Args, Subcommand};
use ward_core::patient::{BirthDate, NhsNumber};
use ward_core::plan::MonitoringPlan;
use ward_service::{Referral, Wards};

#[derive(Subcommand)]
pub enum Command {
    /// Admit a patient to a ward
    Admit(Box<Admit>),
}

#[derive(Args)]
pub struct Admit {
    /// The ward's code
    #[arg(long)]
    ward: String,
    /// Ten digits; test numbers begin with 999
    #[arg(long)]
    nhs_number: NhsNumber,
    #[arg(long)]
    family_name: String,
    #[arg(long)]
    given_name: String,
    /// Year-month-day
    #[arg(long)]
    birth_date: BirthDate,
    #[arg(long)]
    phone: String,
    #[arg(long, default_value = "")]
    address: String,
    /// How to get in
    #[arg(long, default_value = "")]
    door_access: String,
    /// Who else is at home
    #[arg(long, default_value = "")]
    others_at_home: String,
    /// Oxygen at home: flow and device, or none
    #[arg(long, default_value = "")]
    oxygen_at_home: String,
    /// Treatment-escalation plan and wishes
    #[arg(long, default_value = "")]
    escalation_plan: String,
    /// A clinician has prescribed a target of 88-92 % (NEWS2 scale 2)
    #[arg(long)]
    target_88_92: bool,
}

pub async fn run(wards: &Wards, command: Command) -> anyhow::Result<()> {
    let Command::Admit(admit) = command;
    let ward = super::ward_named(wards, &admit.ward).await?;
    let plan = admit.target_88_92.then(|| MonitoringPlan {
        recheck_red_seconds: ward.default_plan.recheck_red_seconds,
        recheck_amber_seconds: ward.default_plan.recheck_amber_seconds,
        ..MonitoringPlan::target_88_to_92()
    });
    let referral = Referral {
        nhs_number: admit.nhs_number,
        family_name: admit.family_name,
        given_name: admit.given_name,
        birth_date: admit.birth_date,
        phone: admit.phone,
        address: admit.address,
        door_access: admit.door_access,
        others_at_home: admit.others_at_home,
        oxygen_at_home: admit.oxygen_at_home,
        escalation_plan: admit.escalation_plan,
        plan,
    };
    let admission = wards.admit(ward.id, referral).await?;
    println!(
        "Admitted to {}: stay {}. Next: `wardlight device assign`.",
        ward.code, admission.stay
    );
    Ok(())
}
