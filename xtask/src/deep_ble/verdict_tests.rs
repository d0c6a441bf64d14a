use super::*;

const ADDRESS: &str = "C0:01:02:03:04:01";

fn fact(json: &str) -> Fact {
    serde_json::from_str(json).unwrap()
}

fn sent(spo2: u32, measured_ms: i64) -> Fact {
    fact(&format!(
        r#"{{"fact":"sent","at_ms":1,"scenario":"spot","spo2":{spo2},"pulse":70,"measured_ms":{measured_ms}}}"#
    ))
}

fn held(kind: &str, spo2: u32, effective_ms: i64) -> Fact {
    fact(&format!(
        r#"{{"fact":"reading","device":"{ADDRESS}","kind":"{kind}","spo2":{spo2}.0,"pulse":70.0,"effective_ms":{effective_ms},"doubts":""}}"#
    ))
}

fn streamed(spo2: u32, from_ms: i64, until_ms: i64) -> Fact {
    fact(&format!(
        r#"{{"fact":"streamed","scenario":"spot","spo2":{spo2},"pulse":70,"from_ms":{from_ms},"until_ms":{until_ms}}}"#
    ))
}

fn red(raised_ms: i64) -> Fact {
    fact(&format!(
        r#"{{"fact":"alert","device":"{ADDRESS}","problem":"low_oxygen","severity":"red","raised_ms":{raised_ms}}}"#
    ))
}

fn ended(why: &str) -> Fact {
    fact(&format!(
        r#"{{"fact":"ended","scenario":"spot","why":"{why}"}}"#
    ))
}

fn wrong(facts: &[Fact]) -> Vec<String> {
    judge(facts, "spot", ADDRESS).wrong
}

#[test]
fn what_was_sent_and_is_held_once_at_its_time_is_right() {
    let facts = [
        sent(97, 10_000),
        sent(96, 90_000),
        ended(""),
        held("spot_check", 96, 90_900),
        held("spot_check", 97, 9_500),
    ];
    assert_eq!(wrong(&facts), Vec::<String>::new());
}

#[test]
fn a_value_that_is_lost_doubled_altered_or_late_is_told() {
    let one_wrong = |held: &[Fact], word: &str| {
        let facts = [&[sent(97, 10_000), ended("")], held].concat();
        let wrong = wrong(&facts);
        assert!(wrong.iter().any(|line| line.contains(word)), "{wrong:?}");
    };
    one_wrong(&[], "not held");
    one_wrong(
        &[
            held("spot_check", 97, 10_000),
            held("spot_check", 97, 10_000),
        ],
        "too often",
    );
    one_wrong(&[held("spot_check", 98, 10_000)], "not held");
    one_wrong(&[held("spot_check", 97, 16_000)], "6000 ms off");
    one_wrong(&[held("window", 97, 10_000)], "not held");
}

#[test]
fn a_scenario_that_breaks_off_or_sends_nothing_is_no_success() {
    assert!(wrong(&[sent(97, 1), held("spot_check", 97, 1)])[0].contains("not played"));
    assert!(wrong(&[sent(97, 1), held("spot_check", 97, 1), ended("link")])[0].contains("link"));
    assert!(wrong(&[ended("")])[0].contains("no value"));
}

#[test]
fn a_low_stretch_must_be_read_and_raise_a_red_alert_in_its_time() {
    let stream = [
        streamed(97, 0, 20_000),
        streamed(87, 20_000, 45_000),
        ended(""),
    ];
    let whole = [held("window", 97, 14_000), held("window", 87, 36_000)];
    let facts = [&stream[..], &whole, &[red(36_500)]].concat();
    assert_eq!(wrong(&facts), Vec::<String>::new());
    let silent = [&stream[..], &whole].concat();
    assert!(wrong(&silent)[0].contains("no red alert"));
    let late = [&stream[..], &whole, &[red(90_000)]].concat();
    assert!(wrong(&late)[0].contains("no red alert"));
    let unread = [&stream[..], &whole[..1], &[red(36_500)]].concat();
    assert!(wrong(&unread)[0].contains("no reading"));
    let elsewhere = [
        &stream[..],
        &whole,
        &[held("window", 97, 40_000), red(36_500)],
    ]
    .concat();
    assert!(wrong(&elsewhere)[0].contains("not what was streamed"));
}

#[test]
fn an_alert_without_a_low_and_items_set_aside_are_told() {
    let facts = [sent(97, 1), held("spot_check", 97, 1), ended(""), red(2)];
    assert!(wrong(&facts)[0].contains("without a low"));
    assert_eq!(
        judge_all(&[fact(r#"{"fact":"quarantined","items":0}"#)]),
        Vec::<String>::new()
    );
    assert_eq!(
        judge_all(&[fact(r#"{"fact":"quarantined","items":2}"#)]).len(),
        1
    );
    assert_eq!(judge_all(&[]).len(), 1);
}
