//! The verbs of the ward, one file per use case.
//!
//! Each opens a ledger, asks the pure core what follows, appends it, commits, and rings the bell. Nothing but the
//! database is awaited while a ledger is open. Every transaction runs in a task of its own, so that a caller who goes
//! away does not leave one half done.

mod acknowledge_alert;
mod admit;
mod answer_question;
mod applied;
mod ask_for_help;
mod assign_alert;
mod assignment_list;
mod at_home;
mod audit;
mod bell;
mod board;
mod bridge_status;
mod calls;
mod canary;
pub mod carry;
mod chart;
mod clock;
mod correct;
mod could_not_measure;
mod decide_reading;
mod duty;
mod enrol_bridge;
mod enter_reading;
mod entering;
mod error;
mod escalate_alert;
mod escalation_policy;
mod exertion;
mod explain_alert;
mod find_sheet;
mod follow;
mod judge;
mod kit;
mod known_bridges;
mod lane;
mod manage_staff;
mod messages;
mod news2_of;
mod note_view;
mod notices;
mod notify;
mod on_sheet;
mod paper;
mod pathway;
mod patient_access;
mod plan_of;
mod presence;
mod questionnaires;
mod quiet;
mod reconcile;
mod record_by_hand;
mod record_readings;
mod report;
mod resolve_alert;
mod result_at_home;
mod review_plans;
mod rota;
mod secret;
mod seeded;
mod seen_requests;
mod self_test;
mod set_plan;
mod sign_in;
mod signed_bridge;
mod snooze_alert;
mod sound_test;
mod staff;
mod staff_contacts;
mod staffed_hours;
mod stay_history;
mod step_kit;
mod submit_diary;
mod sweep;
mod tell;
mod unfinished_diary;
mod ward_defaults;
mod ward_settings;
mod wards;
mod watching;
mod what_if;
pub mod words;

pub use acknowledge_alert::{AcknowledgeError, Acknowledgement};
pub use admit::{Admission, AdmitError, Referral};
pub use assign_alert::HandOverError;
pub use assignment_list::{AssignedDevice, AssignmentList};
pub use at_home::{Home, NextCall, Received, Today, Watched, What};
pub use audit::{AuditAsked, AuditLine, AuditMark, AuditPage, AuditWhat};
pub use bell::Bell;
pub use board::Board;
pub use bridge_status::{OximeterReport, SpoolReport, StatusReport};
pub use calls::{
    AfterCall, Calls, Claiming, ContactError, Heard, HeardValue, Logged, NewContact, ToldReading,
    VideoOnWard, VideoRoom,
};
pub use canary::{Canary, CanaryError, CanarySession};
pub use chart::{ChartLine, PAGE_LIMIT};
pub use clock::Clock;
pub use correct::CorrectError;
pub use could_not_measure::{NewTry, NoValue};
pub use decide_reading::{DECISION_REASON_AT_MOST, DecideError, Whose};
pub use duty::{DutyError, HandTo};
pub use enrol_bridge::{BridgeCode, EnrolError, Enrolled};
pub use enter_reading::{NewReading, ReadingEntered};
pub use entering::{AdviceLine, CARER_NAME_LIMIT, Entering, EntryError, SaidBy};
pub use error::{Refused, Unavailable};
pub use escalate_alert::EscalateError;
pub use escalation_policy::{PolicyError, ToldNow};
pub use exertion::{ExertionEntered, ExertionError, ExertionLine, NewExertion};
pub use explain_alert::Explained;
pub use find_sheet::{Sheet, SheetError};
pub use follow::{Follower, Pulse, Tails};
pub use kit::{AssignError, KitError};
pub use manage_staff::{ManageError, NewMember, PasswordError};
pub use messages::MessageError;
pub use news2_of::{News2Of, ScoredSet};
pub use notices::Teller;
pub use notify::{Letter, Notifier, Outlet, Posting, to_the_log};
pub use paper::WardOnPaper;
pub use pathway::{
    Alike, BeginError, CaseError, DischargeError, Found, Imported, NewReferral, ReferError,
    RefusedLine, RegisterError, Return, Said, Sitting, StayPapers, StepError, TakeOnError, Terms,
};
pub use patient_access::{AccessError, AtHome, PatientCode};
pub use plan_of::PlanOf;
pub use questionnaires::QuestionnaireError;
pub use reconcile::Reconciled;
pub use record_by_hand::{HandReading, Recorded};
pub use record_readings::{Answer, IncomingReading, Item, RecordError, RecordedBatch, Unreadable};
pub use report::{Named, ReportError, WardReport};
pub use resolve_alert::ResolveError;
pub use result_at_home::{Given, GivenReading, Told, told_without_the_ward};
pub use rota::RotaError;
pub use secret::{Secret, SecretHash};
#[doc(hidden)]
pub use seeded::Seeded;
pub use seen_requests::TIME_WINDOW_MS;
pub use self_test::SelfTested;
pub use set_plan::{PlanError, PlanSet};
pub use sign_in::{SessionError, SignInError, SignedIn, normalised_username};
pub use signed_bridge::{KeyProof, KeyTaken, SignedRequest};
pub use snooze_alert::SnoozeError;
pub use sound_test::SoundTest;
pub use staff::StaffError;
pub use staff_contacts::{ContactDetail, DETAILS_AT_MOST, DetailError, NewDetail};
pub use staffed_hours::HoursError;
pub use stay_history::{PlanInForce, TREND_LIMIT, Trend};
pub use step_kit::{KitStepError, Sticker};
pub use submit_diary::{DiarySubmitted, NewEntry};
pub use unfinished_diary::UnfinishedDiary;
pub use ward_defaults::{DefaultsError, WardDefaults};
pub use ward_settings::{CAPACITY_AT_MOST, CapacityError, TEAMS_AT_MOST, TeamsError};
pub use wards::{NewWard, WardError, Wards, WardsOptions};
pub use watching::{Watcher, Watching};
pub use what_if::{Compared, WHAT_IF_DAYS, WhatIf, WhatIfError};

// What the verbs hand out as the store keeps it.
pub use ward_store::{
    BoardSnapshot, Bridge, BridgeKey, BridgeKeyId, CallSnapshot, Caseload, Decided, Entry,
    HandoverNote, KeptEntry, KeptReading, KitRecord, Member, Membership, Present, Quarantined,
    Session, Shift, StaffMember, StayOf, StayRecord, StoredAlert, StoredContact, Wearer,
};
