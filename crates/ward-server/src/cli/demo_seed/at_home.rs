//! Codes by which people of the demo's ward come in at home, on a phone or a tablet.

use anyhow::Context;
use serde_json::{Value, json};
use ward_core::permit::{Permit, Verb};
use ward_core::ward::Ward;
use ward_service::{Admission, Wards};

/// Who comes in, the language they speak with the ward, and who enters for them if not they themselves.
const AT_HOME: [(&str, &str, Option<&str>); 4] = [
    ("Sutcliffe", "", None),
    ("Nowak", "Polish", None),
    ("Begum", "Urdu", None),
    ("Holt", "", Some("Janet Moss, care assistant")),
];

/// Gives the codes. Each is shown once, here.
pub async fn let_in(
    wards: &Wards,
    ward: &Ward,
    admitted: &[(&'static str, Admission)],
) -> anyhow::Result<Vec<Value>> {
    let nurse = wards
        .store()
        .credentials("nurse.a")
        .await?
        .context("the demo's nurse is not there")?;
    let permit = wards
        .permit(nurse.clinician.id, ward.id, Verb::EnterForPatient)
        .await??;
    let mut codes = Vec::new();
    for (family, language, carer) in AT_HOME {
        let admission = admitted.iter().find(|(name, _)| *name == family);
        let (_, admission) = admission.with_context(|| format!("{family} is not on the ward"))?;
        codes.push(code(wards, &permit, admission, language, carer).await?);
    }
    Ok(codes)
}

async fn code(
    wards: &Wards,
    permit: &Permit,
    admission: &Admission,
    language: &str,
    carer: Option<&str>,
) -> anyhow::Result<Value> {
    let patient = wards.patient(permit, admission.patient).await?;
    let mut patient = patient.context("a patient of the demo is gone")?.patient;
    if !language.is_empty() {
        language.clone_into(&mut patient.details.language);
        patient = wards
            .edit_patient(permit, admission.patient, patient)
            .await?;
    }
    let given = wards
        .give_access(permit, admission.stay, carer.map(str::to_owned))
        .await?;
    Ok(json!({
        "name": patient.display_name(),
        "birth_date": patient.birth_date.to_string(),
        "language": language,
        "carer": carer,
        "stay": admission.stay,
        "code": given.code.reveal(),
    }))
}
