use ward_core::plan::MonitoringPlan;
use ward_service::Referral;
use ward_tests::diary::Answers;
use ward_tests::people::referral;
use ward_tests::{Nurse, TestWard, on_both_databases};

on_both_databases!(all_advice_comes_from_the_plans_own_bands);

async fn all_advice_comes_from_the_plans_own_bands(ward: TestWard) {
    let referral = Referral {
        plan: Some(MonitoringPlan::target_88_to_92()),
        ..referral(500)
    };
    let stay = ward.wards.admit(ward.ward, referral).await.unwrap().stay;
    let asha = Nurse::comes_on_shift(&ward, "asha", "Asha Rao").await;
    let answers = Answers::well().number("oxygen", 89.0).number("pulse", 84.0);
    let told = asha.hears(stay, answers).await;
    let said: Vec<_> = told.advice.iter().map(|it| it.advice.as_str()).collect();
    assert_eq!(said, ["carry_on", "guide"]);
    assert!(told.advice.iter().all(|it| !it.text.contains("A&E")));
    assert_eq!(ward.open_alerts().await, []);

    let amber = asha.types(stay, 86.0, 84.0).await;
    assert_eq!(amber.advice[0].advice, "amber_value");
    assert!(
        amber.advice[0].text.contains("86 or 87") && amber.advice[0].text.contains("85 or lower")
    );
    let red = asha.types(stay, 85.0, 84.0).await;
    assert_eq!(red.advice[0].advice, "red_value");
    assert!(red.advice[0].text.contains("85 or lower"));
    for told in [amber, red] {
        for line in told.advice {
            assert!(
                !line.text.contains("92") && !line.text.contains("94"),
                "{}",
                line.text
            );
        }
    }
    ward.readings_and_alerts_agree().await;
}
