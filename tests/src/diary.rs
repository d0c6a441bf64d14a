//! What patients say and write down, as staff and patients enter it.

use std::collections::BTreeMap;

use reqwest::Method;
use uuid::Uuid;
use ward_core::id::StayId;
use ward_core::time::Timestamp;
use ward_wire::diary::{
    AccessCode, AccessRequest, AnswerRequest, AnswerValue, Answered, ChartView, DiaryRequest,
    DiaryView, EnteredReply, From, Help, HelpRequest, Means, OddAnswer, PatientSignIn,
    PatientToken, ReadingRequest, SaidBy,
};

use crate::http::{Reply, ask, client};
use crate::nurse::Nurse;
use crate::ward::TestWard;

/// Answers in the making: `Answers::well().with("chest_pain", true)`.
#[derive(Clone, Debug, Default)]
pub struct Answers(pub BTreeMap<String, AnswerValue>);

impl Answers {
    /// Every question about symptoms, answered as one would wish.
    #[must_use]
    pub fn well() -> Self {
        Self::default()
            .with("full_sentences", true)
            .with("seriously_unwell", false)
            .with("blue_lips", false)
            .with("new_confusion", false)
            .with("chest_pain", false)
            .choosing("breathing", "same")
            .choosing("feeling", "same")
    }

    /// And yes or no to this.
    #[must_use]
    pub fn with(mut self, question: &str, yes: bool) -> Self {
        self.0.insert(question.to_owned(), AnswerValue::YesNo(yes));
        self
    }

    /// And this choice.
    #[must_use]
    pub fn choosing(mut self, question: &str, choice: &str) -> Self {
        let choice = AnswerValue::Text(choice.to_owned());
        self.0.insert(question.to_owned(), choice);
        self
    }

    /// And this number.
    #[must_use]
    pub fn number(mut self, question: &str, number: f64) -> Self {
        let number = AnswerValue::Number(number);
        self.0.insert(question.to_owned(), number);
        self
    }

    /// An entry with these answers.
    #[must_use]
    pub fn entry(self) -> DiaryRequest {
        DiaryRequest {
            id: Uuid::new_v4(),
            questionnaire: Some(Answered {
                name: "covid-oximetry-home".to_owned(),
                version: 1,
            }),
            at: None,
            answers: self.0,
            from: None,
        }
    }
}

/// Told by the patient on the telephone.
#[must_use]
pub fn on_the_phone() -> From {
    From {
        said_by: SaidBy::Patient,
        carer: None,
        means: Means::Telephone,
    }
}

/// Transcribed from the patient's paper.
#[must_use]
pub fn on_paper() -> From {
    From {
        means: Means::Paper,
        ..on_the_phone()
    }
}

/// A time on the wire.
#[must_use]
pub fn wire_time(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap()
}

/// A reading as typed, by nobody yet.
#[must_use]
pub fn typed(spo2_percent: f64, pulse_bpm: f64) -> ReadingRequest {
    ReadingRequest {
        id: Uuid::new_v4(),
        spo2_percent,
        pulse_bpm: Some(pulse_bpm),
        at: None,
        context: ward_wire::diary::Context::Rest,
        observations: None,
        from: None,
    }
}

impl Nurse {
    /// Something of a stay on their ward.
    #[must_use]
    pub fn of_stay(&self, stay: StayId, path: &str) -> String {
        self.path(&format!("/stays/{stay}{path}"))
    }

    /// Writes down a diary entry.
    pub async fn enters_diary(&self, stay: StayId, entry: &DiaryRequest) -> Reply {
        let path = self.of_stay(stay, "/diary");
        self.changes(Method::POST, &path, entry).await
    }

    /// Writes down what a patient tells on the telephone.
    pub async fn hears(&self, stay: StayId, answers: Answers) -> EnteredReply {
        let entry = DiaryRequest {
            from: Some(on_the_phone()),
            ..answers.entry()
        };
        self.enters_diary(stay, &entry).await.json()
    }

    /// Transcribes a paper diary of some time ago.
    pub async fn transcribes(&self, stay: StayId, answers: Answers, at: Timestamp) -> EnteredReply {
        let entry = DiaryRequest {
            from: Some(on_paper()),
            at: Some(wire_time(at)),
            ..answers.entry()
        };
        self.enters_diary(stay, &entry).await.json()
    }

    /// Writes down a reading.
    pub async fn enters_reading(&self, stay: StayId, reading: &ReadingRequest) -> Reply {
        let path = self.of_stay(stay, "/readings");
        self.changes(Method::POST, &path, reading).await
    }

    /// Types in what a patient reads from the oximeter on the telephone.
    pub async fn types(&self, stay: StayId, spo2: f64, pulse: f64) -> EnteredReply {
        let reading = ReadingRequest {
            from: Some(on_the_phone()),
            ..typed(spo2, pulse)
        };
        self.enters_reading(stay, &reading).await.json()
    }

    /// Answers what was asked about a reading.
    pub async fn answers_about(&self, stay: StayId, reading: Uuid, answer: OddAnswer) -> Reply {
        let path = self.of_stay(stay, &format!("/readings/{reading}/answer"));
        let request = AnswerRequest {
            answer,
            from: Some(on_the_phone()),
        };
        self.changes(Method::POST, &path, &request).await
    }

    /// The chart of a stay.
    pub async fn chart(&self, stay: StayId) -> ChartView {
        self.get(&self.of_stay(stay, "/chart")).await.json()
    }

    /// The diary of a stay.
    pub async fn diary(&self, stay: StayId) -> DiaryView {
        self.get(&self.of_stay(stay, "/diary")).await.json()
    }

    /// Gives the patient, or a carer by name, a code.
    pub async fn gives_code(&self, stay: StayId, carer: Option<&str>) -> AccessCode {
        let request = AccessRequest {
            carer: carer.map(str::to_owned),
        };
        let path = self.of_stay(stay, "/access");
        self.changes(Method::POST, &path, &request).await.json()
    }
}

/// Somebody at home with a page of their own.
pub struct AtHome {
    token: String,
    url: String,
    http: reqwest::Client,
}

impl AtHome {
    /// Comes in with a code and the patient's date of birth.
    pub async fn comes_in(ward: &TestWard, code: &str, birth_date: &str) -> Reply {
        let request = PatientSignIn {
            code: code.to_owned(),
            birth_date: birth_date.to_owned(),
        };
        ask(client()
            .post(ward.url("/api/patient/session"))
            .json(&request))
        .await
    }

    /// As [`AtHome::comes_in`], with what is right.
    pub async fn with(ward: &TestWard, code: &AccessCode) -> Self {
        let reply = Self::comes_in(ward, &code.code, "1948-03-09").await;
        Self {
            token: reply.json::<PatientToken>().token,
            url: ward.url("/api/patient"),
            http: client(),
        }
    }

    /// Sends something.
    pub async fn sends(&self, path: &str, body: &impl serde::Serialize) -> Reply {
        let url = format!("{}{path}", self.url);
        ask(self.http.post(url).bearer_auth(&self.token).json(body)).await
    }

    /// Looks at something.
    pub async fn looks_at(&self, path: &str) -> Reply {
        let url = format!("{}{path}", self.url);
        ask(self.http.get(url).bearer_auth(&self.token)).await
    }

    /// Asks for help.
    pub async fn asks(&self, help: Help) -> Reply {
        self.sends("/help", &HelpRequest { help, from: None }).await
    }
}
