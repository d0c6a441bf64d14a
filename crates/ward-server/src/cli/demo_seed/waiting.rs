//! What waits in the demo's ward office: a referral to admit, new results to review, clean kit on the shelf, a turn on the rota.

use anyhow::Context;
use ward_core::duty::Post;
use ward_core::pathway::referral::Source;
use ward_core::patient::{Details, NhsNumber, Patient};
use ward_core::permit::Verb;
use ward_core::time::minutes;
use ward_core::ward::Ward;
use ward_service::{NewReferral, Sticker, Wards};

/// People who are referred or stand on the list.
#[cfg(test)]
pub const COUNT: usize = 3;

/// Family name, given name, day of birth, phone of those on the list of new results.
const RESULTS: [(&str, &str, &str, &str); 2] = [
    ("Sutcliffe", "Brian", "1950-02-03", "01632 960 301"),
    ("Entwistle", "Maureen", "1988-11-30", ""),
];

/// Puts them there.
pub async fn put(
    wards: &Wards,
    ward: &Ward,
    number: impl Fn(usize) -> Option<NhsNumber>,
) -> anyhow::Result<()> {
    let staff = wards.staff().await?;
    let named = |username: &str| {
        let found = staff.iter().find(|(one, _)| one.username == username);
        found.map(|(one, _)| one.id)
    };
    let senior = named("senior.s").context("the demo's senior clinician is missing")?;
    let permit = wards.permit(senior, ward.id, Verb::ManageStaff).await??;
    let mut list = "nhs_number,family_name,given_name,birth_date,result_date,phone\n".to_owned();
    let today = wards.today(ward.id).await?;
    for (index, (family, given, born, phone)) in RESULTS.iter().enumerate() {
        let number = number(index).context("no test number is left")?;
        list.push_str(&format!(
            "{number},{family},{given},{born},{today},{phone}\n"
        ));
    }
    wards.import_cases(&permit, list.into_bytes()).await?;
    let person = Patient {
        id: ward_core::id::PatientId(wards.clock().new_id()),
        nhs_number: number(RESULTS.len()).context("no test number is left")?,
        family_name: "Haworth".to_owned(),
        given_name: "Winifred".to_owned(),
        birth_date: "1944-03-09".parse()?,
        phone: "01632 960 302".to_owned(),
        address: "8 Albert Road, Colne".to_owned(),
        door_access: String::new(),
        others_at_home: String::new(),
        oxygen_at_home: String::new(),
        escalation_plan: String::new(),
        details: Details::default(),
    };
    let referral = NewReferral {
        person,
        source: Source::HospitalWard,
        referred_by: "Ward B12".to_owned(),
        reason: "Pneumonia, going home on day 4".to_owned(),
        consent: None,
        inpatient_spell_ended_at: None,
        confirmed_new: true,
    };
    wards.refer(&permit, referral).await?;
    let sticker = Sticker {
        label: "OX-021".to_owned(),
        serial: "SN-4471".to_owned(),
    };
    let address = "00:1C:05:00:00:F1".parse()?;
    let model = "Simulated oximeter, Pulse Oximeter Service".to_owned();
    let oximeter = wards.receive_oximeter(&permit, address, model, sticker);
    oximeter.await?;
    let now = wards.clock().now();
    let nurse = named("nurse.a").context("the demo's nurse is missing")?;
    let until = now.plus(minutes(12 * 60));
    wards
        .enter_turn(&permit, nurse, Post::Clinician, now, until)
        .await?;
    Ok(())
}
