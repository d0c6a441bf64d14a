//! Who is told when nobody takes an alert: the ward's policy as a plain form, and whom it would reach now.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use ward_core::escalation::{
    CONTACTS_AT_MOST, ChannelKind, Class, OutsideContact, Policy, Route, STEPS_AT_MOST, Step,
    Steps, Target, Way, Whom,
};
use ward_core::id::ClinicianId;
use ward_core::permit::Verb;
use ward_service::{PolicyError, ToldNow};

use super::rooms::{Office, Room, round};
use crate::extract::without_nul;
use crate::pages::form::{Choice, FormErrors, PageForm};
use crate::pages::frame::{Chrome, PageError, sentence};
use crate::pages::staff::{Staff, on_to};
use crate::problem::ApiError;
use crate::routes::App;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/wards/{ward}/office/escalation", get(show).post(save))
        .route("/wards/{ward}/office/escalation/reset", post(reset))
}

/// Everything that the form sends, by name; a field that comes several times is a list.
type Fields = BTreeMap<String, Vec<String>>;

/// What was typed where a time was wanted and is none, by the field in which it comes back.
type AsTyped = BTreeMap<String, String>;

/// A form that is no policy: what of it is one, what is wrong, and what is to be mended.
#[derive(Debug)]
struct Wrong {
    policy: Policy,
    errors: FormErrors,
    as_typed: AsTyped,
}

/// One step of the form.
struct StepRow {
    number: usize,
    after_id: String,
    after: String,
    error: Option<String>,
    routes: Vec<RouteFields>,
}

struct RouteFields {
    id: String,
    title: &'static str,
    to: Vec<Choice>,
    by: Vec<Choice>,
    error: Option<String>,
}

struct ClassRows {
    name: &'static str,
    title: &'static str,
    steps: Vec<StepRow>,
    repeat_id: String,
    repeat: String,
    repeat_error: Option<String>,
    in_hours_only: bool,
}

struct ContactRow {
    number: usize,
    name: String,
    phone: String,
    email: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "office/escalation.html")]
struct EscalationPage {
    chrome: Chrome,
    office: Office,
    errors: FormErrors,
    may_set: bool,
    is_default: bool,
    now: Vec<String>,
    classes: Vec<ClassRows>,
    contacts: Vec<ContactRow>,
}

const fn title(class: Class) -> &'static str {
    match class {
        Class::Red => "Red, confirmed or not, and red symptoms",
        Class::AskedForHelp => "Asked for help",
        Class::Amber => "Amber",
        Class::Low => "Low: a missed reading, something to review",
        Class::WholeWard => "The service, or the kit of the whole ward",
    }
}

/// Channels in the order in which they are tried.
const CHANNELS: [(ChannelKind, &str); 5] = [
    (ChannelKind::Sms, "Text message"),
    (ChannelKind::WebPush, "Push"),
    (ChannelKind::Email, "E-mail"),
    (ChannelKind::Webhook, "Webhook"),
    (ChannelKind::Console, "Boards alone"),
];

fn who_words(target: Target) -> &'static str {
    match target {
        Target::NextClinician => "the next clinician on duty",
        Target::Lead => "the lead",
        Target::OnCall => "whoever is on call",
        Target::PhoneTree => "the outside contacts",
        Target::Person { .. } => "the person named",
    }
}

fn value_of(target: Target) -> String {
    match target {
        Target::Person { clinician } => clinician.to_string(),
        Target::NextClinician | Target::Lead | Target::OnCall | Target::PhoneTree => {
            target.name().to_owned()
        }
    }
}

fn target_named(value: &str) -> Option<Target> {
    let posts = [
        Target::NextClinician,
        Target::Lead,
        Target::OnCall,
        Target::PhoneTree,
    ];
    let post = posts.into_iter().find(|target| target.name() == value);
    post.or_else(|| {
        let clinician: ClinicianId = value.parse().ok()?;
        Some(Target::Person { clinician })
    })
}

/// Minutes as they are typed: `5`, `0.5`.
fn minutes_of(seconds: u32) -> String {
    if seconds.is_multiple_of(60) {
        (seconds / 60).to_string()
    } else {
        format!("{}", f64::from(seconds) / 60.0)
    }
}

fn seconds_of(text: &str) -> Option<u32> {
    let minutes: f64 = text.trim().replace(',', ".").parse().ok()?;
    let seconds = (minutes * 60.0).round();
    // Far more than any step may be: the policy says how much it may.
    (0.0..=1_000_000.0).contains(&seconds).then(|| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within the range just looked at"
        )]
        let seconds = seconds as u32;
        seconds
    })
}

async fn show(State(app): State<Arc<App>>, staff: Staff) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let policy = app.wards.policy(permit).await?;
    let (errors, as_typed) = (FormErrors::default(), AsTyped::new());
    draw(&app, &staff, &policy, StatusCode::OK, errors, &as_typed).await
}

/// Who could be named, by name.
async fn people(app: &App, staff: &Staff) -> Result<Vec<(ClinicianId, String)>, PageError> {
    let members = app.wards.members(&staff.permit).await?;
    let clinicians = members
        .into_iter()
        .filter(|member| member.role.is_clinician() && member.disabled_at.is_none());
    Ok(clinicians
        .map(|member| (member.clinician.id, member.clinician.name))
        .collect())
}

async fn draw(
    app: &App,
    staff: &Staff,
    policy: &Policy,
    status: StatusCode,
    errors: FormErrors,
    as_typed: &AsTyped,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetWardDefaults)?;
    let people = people(app, staff).await?;
    let told = app.wards.told_now(permit).await?;
    let kept = app.wards.policy(permit).await?;
    let (chrome, office) = round(staff, Room::Settings);
    let classes = Class::ALL.into_iter();
    let drawn = EscalationPage {
        chrome,
        office,
        may_set: staff.may(Verb::SetEscalation),
        is_default: kept == Policy::default(),
        now: told
            .iter()
            .filter_map(|one| now_words(one, &kept, &people))
            .collect(),
        classes: classes
            .map(|class| rows_of(class, policy.of(class), &people, &errors, as_typed))
            .collect(),
        contacts: contact_rows(policy, &errors),
        errors,
    };
    Ok(staff.answer(status, &drawn))
}

/// `Red, after 5 min: Asha Rao by text message`.
fn now_words(told: &ToldNow, policy: &Policy, people: &[(ClinicianId, String)]) -> Option<String> {
    let name_of = |id: ClinicianId| {
        let name = people.iter().find(|(person, _)| *person == id);
        name.map_or_else(|| "a colleague".to_owned(), |(_, name)| name.clone())
    };
    let whom = whom_words(told, policy, name_of)?;
    Some(format!(
        "{}, after {} min: {whom}",
        title(told.class),
        minutes_of(told.after_s)
    ))
}

/// Whom a step would tell as things are now: `Asha Rao by text message`.
pub(crate) fn whom_words(
    told: &ToldNow,
    policy: &Policy,
    name_of: impl Fn(ClinicianId) -> String,
) -> Option<String> {
    let Some(Way { to, by, .. }) = told.first else {
        let is_silent = !told.fell;
        return Some(if is_silent {
            "the boards alone".to_owned()
        } else {
            format!(
                "nobody can be told. Neither {} nor anybody else has entered how they are reached.",
                who_words(told.named)
            )
        });
    };
    let who = match to {
        Whom::Clinician { id } => name_of(id),
        Whom::Contact { place } => {
            let contact = policy.phone_tree.get(usize::from(place).saturating_sub(1));
            contact.map_or_else(
                || "an outside contact".to_owned(),
                |contact| contact.name.clone(),
            )
        }
        Whom::Webhook => "the webhook".to_owned(),
        Whom::Nobody => return None,
    };
    let by = CHANNELS
        .iter()
        .find(|(kind, _)| *kind == by)
        .map_or("", |(_, words)| words);
    let instead = if told.fell {
        format!(
            ", because nobody can be reached as {}",
            who_words(told.named)
        )
    } else {
        String::new()
    };
    Some(format!("{who} by {}{instead}", by.to_lowercase()))
}

fn rows_of(
    class: Class,
    steps: &Steps,
    people: &[(ClinicianId, String)],
    errors: &FormErrors,
    as_typed: &AsTyped,
) -> ClassRows {
    let name = class.name();
    let error = |field: &str| errors.of(field).map(str::to_owned);
    let row = |place: usize| {
        let step = steps.steps.get(place);
        let number = place + 1;
        let after_id = format!("{name}.{number}.after");
        let route = |when: &'static str, title: &'static str, route: Option<&Route>| {
            let id = format!("{name}.{number}.{when}");
            let chosen = route.map_or_else(String::new, |route| value_of(route.to));
            let posts = [
                ("next_clinician", "Next clinician on duty"),
                ("lead", "Lead"),
                ("on_call", "On call"),
                ("phone_tree", "Outside contacts"),
            ];
            let posts = posts
                .into_iter()
                .map(|(value, words)| Choice::new(value, words, &chosen));
            let named = people
                .iter()
                .map(|(id, name)| Choice::new(id.to_string(), name, &chosen));
            let by = CHANNELS.into_iter().map(|(kind, words)| Choice {
                value: kind.name().to_owned(),
                words: words.to_owned(),
                chosen: route.is_some_and(|route| route.by.contains(&kind)),
            });
            RouteFields {
                error: error(&id),
                id,
                title,
                to: posts.chain(named).collect(),
                by: by.collect(),
            }
        };
        StepRow {
            number,
            error: error(&after_id),
            after: (as_typed.get(&after_id).cloned())
                .or_else(|| step.map(|step| minutes_of(step.after_s)))
                .unwrap_or_default(),
            after_id,
            routes: vec![
                route(
                    "staffed",
                    "In staffed hours",
                    step.map(|step| &step.staffed),
                ),
                route(
                    "unstaffed",
                    "Out of hours",
                    step.map(|step| &step.unstaffed),
                ),
            ],
        }
    };
    let shown = (steps.steps.len() + 1).min(STEPS_AT_MOST);
    let repeat_id = format!("{name}.repeat");
    ClassRows {
        name,
        title: title(class),
        steps: (0..shown).map(row).collect(),
        repeat_error: error(&repeat_id),
        repeat: (as_typed.get(&repeat_id).cloned())
            .or_else(|| steps.repeat_every_s.map(minutes_of))
            .unwrap_or_default(),
        repeat_id,
        in_hours_only: steps.staffed_hours_only,
    }
}

fn contact_rows(policy: &Policy, errors: &FormErrors) -> Vec<ContactRow> {
    let shown = (policy.phone_tree.len() + 2).min(CONTACTS_AT_MOST);
    let row = |place: usize| {
        let contact = policy.phone_tree.get(place);
        let number = place + 1;
        let fields = ["name", "phone", "email"].into_iter();
        let mut wrong = fields.filter_map(|field| errors.of(&format!("contact.{number}.{field}")));
        ContactRow {
            number,
            name: contact.map(|it| it.name.clone()).unwrap_or_default(),
            phone: contact.map(|it| it.phone.clone()).unwrap_or_default(),
            email: contact.map(|it| it.email.clone()).unwrap_or_default(),
            error: wrong.next().map(str::to_owned),
        }
    };
    (0..shown).map(row).collect()
}

/// What was typed, as a policy: still to be checked. A step without a time, and a contact without anything, is none.
fn typed(fields: &Fields) -> Result<Policy, Box<Wrong>> {
    let mut errors = FormErrors::default();
    let mut as_typed = AsTyped::new();
    let first = |name: &str| {
        let values = fields.get(name).and_then(|values| values.first());
        without_nul(values.cloned().unwrap_or_default())
    };
    let mut policy = Policy::default();
    for class in Class::ALL {
        let name = class.name();
        let mut steps = Vec::new();
        for number in 1..=STEPS_AT_MOST {
            let id = format!("{name}.{number}.after");
            let after = first(&id);
            if after.trim().is_empty() {
                continue;
            }
            // A step whose time is none yet is a step all the same: left out, the next would come back in its place.
            let after_s = seconds_of(&after).unwrap_or_else(|| {
                let id = format!("{name}.{}.after", steps.len() + 1);
                let message = format!("{}: enter minutes, for example 5", title(class));
                errors.add(id.clone(), message);
                as_typed.insert(id, after);
                0
            });
            let route = |when: &str| {
                let to = target_named(&first(&format!("{name}.{number}.{when}")));
                let chosen = fields.get(&format!("{name}.{number}.{when}.by"));
                let chosen = chosen.map(Vec::as_slice).unwrap_or_default();
                let by = CHANNELS.into_iter().map(|(kind, _)| kind);
                Route {
                    to: to.unwrap_or(Target::NextClinician),
                    by: by
                        .filter(|kind| chosen.iter().any(|value| value == kind.name()))
                        .collect(),
                }
            };
            steps.push(Step {
                after_s,
                staffed: route("staffed"),
                unstaffed: route("unstaffed"),
            });
        }
        let repeat_id = format!("{name}.repeat");
        let repeat = first(&repeat_id);
        let repeat_every_s = seconds_of(&repeat);
        if !repeat.trim().is_empty() && repeat_every_s.is_none() {
            errors.add(
                repeat_id.clone(),
                "Enter minutes, for example 5, or nothing",
            );
            as_typed.insert(repeat_id, repeat);
        }
        *policy.of_mut(class) = Steps {
            steps,
            repeat_every_s,
            staffed_hours_only: first(&format!("{name}.hours")) == "yes",
        };
    }
    let contacts = (1..=CONTACTS_AT_MOST).map(|number| OutsideContact {
        name: first(&format!("contact.{number}.name")).trim().to_owned(),
        phone: first(&format!("contact.{number}.phone")).trim().to_owned(),
        email: first(&format!("contact.{number}.email")).trim().to_owned(),
    });
    let is_there =
        |it: &OutsideContact| !(it.name.is_empty() && it.phone.is_empty() && it.email.is_empty());
    policy.phone_tree = contacts.filter(is_there).collect();
    if errors.is_empty() {
        Ok(policy)
    } else {
        Err(Box::new(Wrong {
            policy,
            errors,
            as_typed,
        }))
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct PolicyForm(Fields);

async fn save(
    State(app): State<Arc<App>>,
    PageForm { staff, form }: PageForm<PolicyForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetEscalation)?;
    let policy = match typed(&form.0) {
        Ok(policy) => policy,
        Err(wrong) => {
            let Wrong {
                policy,
                errors,
                as_typed,
            } = *wrong;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw(&app, &staff, &policy, status, errors, &as_typed).await;
        }
    };
    match app.wards.set_policy(permit, Some(policy.clone())).await {
        Ok(()) => Ok(on_to(
            &staff.path("/office/escalation"),
            "It is kept, and holds for open alerts too.",
        )),
        Err(PolicyError::Refused(refused)) => {
            let errors = FormErrors::one(refused.place, refused.what);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            draw(&app, &staff, &policy, status, errors, &AsTyped::new()).await
        }
        Err(error) => {
            let error = ApiError::from(error);
            if error.status().is_server_error() {
                return Err(error.into());
            }
            let errors = FormErrors::one("red.1.staffed", sentence(error.detail()));
            let as_typed = AsTyped::new();
            draw(&app, &staff, &policy, error.status(), errors, &as_typed).await
        }
    }
}

#[derive(Deserialize)]
struct ResetForm {}

async fn reset(
    State(app): State<Arc<App>>,
    PageForm {
        staff,
        form: ResetForm {},
    }: PageForm<ResetForm>,
) -> Result<Response, PageError> {
    let permit = staff.needs(Verb::SetEscalation)?;
    let set = app.wards.set_policy(permit, None).await;
    set.map_err(ApiError::from)?;
    Ok(on_to(
        &staff.path("/office/escalation"),
        "The default holds again. Outside contacts are gone with it.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(policy: &Policy) -> Fields {
        let mut fields = Fields::new();
        for class in Class::ALL {
            let (name, steps) = (class.name(), policy.of(class));
            for (place, step) in steps.steps.iter().enumerate() {
                let number = place + 1;
                fields.insert(
                    format!("{name}.{number}.after"),
                    vec![minutes_of(step.after_s)],
                );
                for (when, route) in [("staffed", &step.staffed), ("unstaffed", &step.unstaffed)] {
                    fields.insert(format!("{name}.{number}.{when}"), vec![value_of(route.to)]);
                    let by = route.by.iter().map(|kind| kind.name().to_owned()).collect();
                    fields.insert(format!("{name}.{number}.{when}.by"), by);
                }
            }
            let repeat = steps.repeat_every_s.map(minutes_of).unwrap_or_default();
            fields.insert(format!("{name}.repeat"), vec![repeat]);
            if steps.staffed_hours_only {
                fields.insert(format!("{name}.hours"), vec!["yes".to_owned()]);
            }
        }
        fields
    }

    #[test]
    fn what_the_form_shows_is_what_it_sends() {
        let policy = Policy::default();
        assert_eq!(typed(&fields(&policy)).ok(), Some(policy));
    }

    #[test]
    fn what_is_no_time_is_said_at_its_field_and_a_step_without_one_is_none() {
        let mut sent = fields(&Policy::default());
        sent.insert("red.2.after".to_owned(), vec!["soon".to_owned()]);
        let wrong = *typed(&sent).unwrap_err();
        assert!(wrong.errors.of("red.2.after").is_some());
        assert_eq!(wrong.as_typed["red.2.after"], "soon");
        // The step after it is not taken for it.
        let default = Policy::default();
        assert_eq!(wrong.policy.red.steps.len(), default.red.steps.len());
        assert_eq!(wrong.policy.red.steps[2], default.red.steps[2]);
        sent.insert("red.2.after".to_owned(), vec![String::new()]);
        assert_eq!(typed(&sent).unwrap().red.steps.len(), 2);
    }

    #[test]
    fn minutes_may_have_a_half() {
        assert_eq!(seconds_of("0.5"), Some(30));
        assert_eq!(seconds_of("0,5"), Some(30));
        assert_eq!(minutes_of(30), "0.5");
        assert_eq!(seconds_of("-1"), None);
        assert_eq!(seconds_of("NaN"), None);
    }
}
