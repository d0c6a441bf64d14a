//! What a form that writes a call down says.

use uuid::Uuid;
use ward_core::hand::Typed;
use ward_wire::calls::{
    CallOutcome, Identifier, LogContactRequest, NextContact, ToldReading, Way, Wellbeing, Whom,
};

use super::{OTHER_PAIR, OddAnswer, PAIRS, RecordForm, Value, number, pick};
use crate::extract::without_nul;
use crate::pages::calls::words::{Times, time_of_day};
use crate::pages::form::FormErrors;

impl RecordForm {
    /// The values that can be read; what cannot be read is said in `errors`.
    pub(in crate::pages::calls) fn values(
        &self,
        times: &Times,
        errors: &mut FormErrors,
    ) -> Vec<Value> {
        let mut values = Vec::new();
        let observations = self.observed().read(errors);
        if self.oxygen.trim().is_empty() && self.observed().is_begun() {
            errors.add(
                "oxygen",
                "Enter oxygen too: the other observations stand beside it",
            );
        }
        for (line, told) in self.told().iter().enumerate() {
            let [oxygen_id, pulse_id, taken_id, _] = told.ids;
            let oxygen = number(told.oxygen);
            if oxygen.is_none() && !told.oxygen.trim().is_empty() {
                errors.add(oxygen_id, "Enter oxygen as a number, for example 94");
            }
            let pulse = number(told.pulse);
            if pulse.is_none() && !told.pulse.trim().is_empty() {
                errors.add(pulse_id, "Enter the pulse as a number, for example 72");
            }
            if oxygen.is_none() && told.oxygen.trim().is_empty() && pulse.is_some() {
                errors.add(oxygen_id, "Enter oxygen too, or clear the pulse");
            }
            let at = time_of_day(told.taken).map(|time| times.last(time));
            if at.is_none() && !told.taken.trim().is_empty() {
                errors.add(
                    taken_id,
                    "Enter the time as hours and minutes, for example 08:15",
                );
            }
            let Some(spo2) = oxygen else { continue };
            let typed = Typed { spo2, pulse };
            let answer = told.answer();
            values.push(Value {
                line,
                typed: match (answer, pulse) {
                    (Some(OddAnswer::Swapped), Some(pulse)) => Typed {
                        spo2: pulse,
                        pulse: Some(spo2),
                    },
                    _ => typed,
                },
                at,
                answer,
                observations: observations.filter(|_| line == 0),
            });
        }
        values
    }

    /// The call as the treaty has it; what is missing or cannot be is said in `errors`.
    pub(in crate::pages::calls) fn request(
        &self,
        times: &Times,
        values: &[Value],
        errors: &mut FormErrors,
    ) -> LogContactRequest {
        let outcome = if self.is_incoming() {
            Some(CallOutcome::Reached)
        } else {
            pick(&self.outcome)
        };
        if outcome.is_none() {
            errors.add("outcome", "Choose what came of the call");
        }
        let outcome = outcome.unwrap_or(CallOutcome::Reached);
        let whom = pick(&self.whom).unwrap_or(Whom::Patient);
        if whom != Whom::Patient && self.name.trim().is_empty() {
            errors.add("name", "Enter the name of who it was");
        }
        let speaks = matches!(whom, Whom::Patient | Whom::Carer);
        let reached = outcome == CallOutcome::Reached;
        self.check_what_nobody_said(reached, speaks, values, errors);
        let id = self.id.unwrap_or_default();
        LogContactRequest {
            id: Some(id),
            at: self.at(times, errors),
            way: pick(&self.way).unwrap_or(Way::Telephone),
            whom,
            name: if whom == Whom::Patient {
                String::new()
            } else {
                without_nul(self.name.trim().to_owned())
            },
            outcome,
            identity: self.identity(reached && speaks, errors),
            support: pick(&self.support).unwrap_or_default(),
            wellbeing: Wellbeing {
                feels: pick(&self.feels),
                breathing: pick(&self.breathing),
                mood: pick(&self.mood),
                isolated: match self.isolated.as_str() {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                },
            },
            symptoms: self.symptoms.clone(),
            help: pick(&self.help),
            readings: values.iter().map(|value| value.told(id)).collect(),
            advice: self.advice.iter().filter_map(|it| pick(it)).collect(),
            next: self.next(times, errors),
            note: without_nul(self.note.trim().to_owned()),
        }
    }

    /// What was typed of a talk that there was not is not thrown away: it is asked about.
    fn check_what_nobody_said(
        &self,
        reached: bool,
        speaks: bool,
        values: &[Value],
        errors: &mut FormErrors,
    ) {
        let spoke = reached && speaks;
        if !values.is_empty() && !spoke {
            let message = if reached {
                "Readings come from the patient or a carer: choose who told them, or clear them"
            } else {
                "Nobody was reached: clear the readings, or choose Reached"
            };
            errors.add("oxygen", message);
        }
        let felt = [&self.feels, &self.breathing, &self.mood, &self.isolated];
        if !reached && felt.into_iter().any(|text| !text.is_empty()) {
            errors.add("outcome", "You wrote how they are: choose Reached");
        } else if !reached && !self.advice.is_empty() {
            errors.add("outcome", "You wrote what you advised: choose Reached");
        }
    }

    fn identity(&self, needed: bool, errors: &mut FormErrors) -> Option<[Identifier; 2]> {
        if !needed {
            return None;
        }
        if let Some((_, _, pair)) = PAIRS.iter().find(|(value, _, _)| *value == self.identity) {
            return Some(*pair);
        }
        if self.identity != OTHER_PAIR {
            errors.add(
                "identity",
                "Choose the 2 things by which you checked who it is",
            );
            return None;
        }
        match (pick(&self.identity_first), pick(&self.identity_second)) {
            (Some(first), Some(second)) if first != second => Some([first, second]),
            _ => {
                errors.add("identity-first", "Choose 2 different things");
                None
            }
        }
    }

    /// When the call was, if not just now.
    fn at(&self, times: &Times, errors: &mut FormErrors) -> Option<jiff::Timestamp> {
        let days = self.day.parse().unwrap_or(0);
        match (self.time.trim(), time_of_day(&self.time)) {
            ("", _) if days != 0 => {
                errors.add("time", "Enter at what time the call was");
                None
            }
            ("", _) => None,
            (_, None) => {
                errors.add(
                    "time",
                    "Enter the time as hours and minutes, for example 08:15",
                );
                None
            }
            (_, Some(time)) => Some(times.on(days, time)),
        }
    }

    fn next(&self, times: &Times, errors: &mut FormErrors) -> Option<NextContact> {
        let typed = self.next_time.trim();
        let days: Option<i64> = self.next_day.parse().ok();
        match (days, typed, time_of_day(typed)) {
            (None, "", _) => None,
            (None, _, _) => {
                errors.add("next-day", "Choose the day of the next contact");
                None
            }
            (Some(_), _, None) => {
                errors.add(
                    "next-time",
                    "Enter the time of the next contact, for example 14:00",
                );
                None
            }
            (Some(days), _, Some(time)) => Some(NextContact {
                at: times.on(days, time),
                way: Way::Telephone,
            }),
        }
    }
}

impl Value {
    /// The reading's id follows from that of the call: a second press writes nothing twice.
    pub(in crate::pages::calls) fn id(&self, call: Uuid) -> Uuid {
        Uuid::new_v5(&call, format!("reading {}", self.line).as_bytes())
    }

    fn told(&self, call: Uuid) -> ToldReading {
        ToldReading {
            id: self.id(call),
            spo2_percent: self.typed.spo2,
            pulse_bpm: self.typed.pulse,
            at: self.at,
            observations: self.observations,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ward_core::day::Zone;
    use ward_wire::calls::{Advice, Change};

    fn times() -> Times {
        let now: jiff::Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
        Times::new(Zone::named("Europe/London").unwrap(), now.into())
    }

    fn good_day() -> RecordForm {
        RecordForm {
            outcome: "reached".to_owned(),
            identity: "name-birth".to_owned(),
            oxygen: "97".to_owned(),
            pulse: "72".to_owned(),
            feels: "same".to_owned(),
            breathing: "same".to_owned(),
            mood: "fine".to_owned(),
            ..RecordForm::empty(Uuid::from_u128(7), false)
        }
    }

    fn read(form: &RecordForm) -> Result<LogContactRequest, Vec<(String, String)>> {
        let mut errors = FormErrors::default();
        let values = form.values(&times(), &mut errors);
        let request = form.request(&times(), &values, &mut errors);
        if errors.is_empty() {
            return Ok(request);
        }
        let all = errors
            .iter()
            .map(|it| (it.field.to_string(), it.message.clone()));
        Err(all.collect())
    }

    #[test]
    fn a_good_day_is_read_whole() {
        let request = read(&good_day()).unwrap();
        assert_eq!(request.outcome, CallOutcome::Reached);
        let pair = [Identifier::FullName, Identifier::BirthDate];
        assert_eq!(request.identity, Some(pair));
        assert_eq!(request.wellbeing.breathing, Some(Change::Same));
        let [reading] = request.readings.as_slice() else {
            panic!("one reading")
        };
        assert_eq!(
            (reading.spo2_percent, reading.pulse_bpm),
            (97.0, Some(72.0))
        );
        // The same form again is the same call and the same reading.
        let again = read(&good_day()).unwrap();
        assert_eq!((again.id, again.readings[0].id), (request.id, reading.id));
    }

    #[test]
    fn an_answer_counts_for_the_values_that_it_was_given_to() {
        let swapped = RecordForm {
            oxygen: "72".to_owned(),
            pulse: "95".to_owned(),
            odd: "swapped".to_owned(),
            odd_of: "72/95".to_owned(),
            ..good_day()
        };
        let request = read(&swapped).unwrap();
        assert_eq!(request.readings[0].spo2_percent, 95.0);
        assert_eq!(request.readings[0].pulse_bpm, Some(72.0));
        let typed_anew = RecordForm {
            oxygen: "71".to_owned(),
            ..swapped
        };
        assert_eq!(typed_anew.told()[0].answer(), None);
        assert_eq!(read(&typed_anew).unwrap().readings[0].spo2_percent, 71.0);
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let fields = |form: &RecordForm| -> Vec<String> {
            let wrong = read(form).unwrap_err();
            wrong.into_iter().map(|(field, _)| field).collect()
        };
        let empty = RecordForm::empty(Uuid::nil(), false);
        assert_eq!(fields(&empty), ["outcome", "identity"]);
        let pulse_alone = RecordForm {
            oxygen: String::new(),
            ..good_day()
        };
        assert_eq!(fields(&pulse_alone), ["oxygen"]);
        let no_number = RecordForm {
            oxygen: "good".to_owned(),
            taken: "soon".to_owned(),
            ..good_day()
        };
        assert_eq!(fields(&no_number), ["oxygen", "taken"]);
        let nobody = RecordForm {
            outcome: "no_answer".to_owned(),
            ..good_day()
        };
        assert_eq!(fields(&nobody), ["oxygen", "outcome"]);
        let twice = RecordForm {
            identity: "other".to_owned(),
            identity_first: "address".to_owned(),
            identity_second: "address".to_owned(),
            ..good_day()
        };
        assert_eq!(fields(&twice), ["identity-first"]);
        let nameless = RecordForm {
            whom: "carer".to_owned(),
            next_day: "1".to_owned(),
            ..good_day()
        };
        assert_eq!(fields(&nameless), ["name", "next-time"]);
    }

    #[test]
    fn who_did_not_answer_needs_one_choice() {
        let form = RecordForm {
            outcome: "no_answer".to_owned(),
            ..RecordForm::empty(Uuid::nil(), false)
        };
        let request = read(&form).unwrap();
        assert_eq!(request.outcome, CallOutcome::NoAnswer);
        assert_eq!((request.identity, request.at), (None, None));
        let earlier = RecordForm {
            day: "-1".to_owned(),
            time: "17:30".to_owned(),
            ..form
        };
        let at = read(&earlier).unwrap().at;
        assert_eq!(at, Some("2026-11-21T17:30:00Z".parse().unwrap()));
    }

    #[test]
    fn every_choice_is_read_as_it_is_written() {
        let form = good_day();
        for choice in form.outcomes() {
            assert!(
                pick::<CallOutcome>(&choice.value).is_some(),
                "{}",
                choice.value
            );
        }
        for choice in form.advised() {
            assert!(pick::<Advice>(&choice.value).is_some(), "{}", choice.value);
        }
        assert_eq!(form.whoms().len(), 4);
        let incoming = RecordForm::empty(Uuid::nil(), true);
        assert_eq!((incoming.whoms().len(), incoming.ways().len()), (3, 2));
    }
}
