//! Reports that are wrong on purpose: each reads the facts as a program with that fault would.

use ward_core::alert::Outcome;
use ward_core::day::Zone;
use ward_core::report::{By, Facts, Report, report};
use ward_core::stay::Destination;
use ward_core::time::Timestamp;

#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Hours and 08:00 are those of Greenwich.
    HoursOfGreenwich,
    /// Who is in hospital is looked after by the ward.
    PausesCount,
    /// What has not come yet is counted.
    FutureCounts,
    /// A cold hand changes care.
    MeasurementFaultIsCare,
    /// A death shows that the alert helped.
    DeathIsCare,
    /// Who never acknowledged did so when it was resolved.
    ResolvedIsAcknowledged,
    /// A transfer is a discharge.
    TransferIsDischarge,
    /// The dead may come back.
    DeathMayReturn,
    /// Alerts about kit are somebody's.
    KitIsSomebodys,
    /// The emergency department is the community.
    EmergencyIsStepUp,
    /// The mean is called the median.
    MeanIsMedian,
    /// The noisiest are in the order of their ids.
    OrderIsLost,
    /// A missed reading is none that was due.
    MissedIsNotDue,
    /// Whoever spoke English was not asked.
    EmptyLanguageIsNobody,
}

pub const ALL: [Fault; 14] = [
    Fault::HoursOfGreenwich,
    Fault::PausesCount,
    Fault::FutureCounts,
    Fault::MeasurementFaultIsCare,
    Fault::DeathIsCare,
    Fault::ResolvedIsAcknowledged,
    Fault::TransferIsDischarge,
    Fault::DeathMayReturn,
    Fault::KitIsSomebodys,
    Fault::EmergencyIsStepUp,
    Fault::MeanIsMedian,
    Fault::OrderIsLost,
    Fault::MissedIsNotDue,
    Fault::EmptyLanguageIsNobody,
];

impl Fault {
    pub fn report(self, facts: &Facts) -> Report {
        use ward_core::pathway::referral::Source;
        let mut read = facts.clone();
        match self {
            Self::HoursOfGreenwich => read.zone = Zone::utc(),
            Self::PausesCount => read.stays.iter_mut().for_each(|stay| stay.pauses.clear()),
            Self::FutureCounts => read.now = Timestamp::from_millis(i64::MAX),
            Self::MeasurementFaultIsCare => {
                outcome_is(&mut read, Outcome::MeasurementFault, Outcome::AdviceGiven);
            }
            Self::DeathIsCare => outcome_is(&mut read, Outcome::Died, Outcome::AdmittedToHospital),
            Self::ResolvedIsAcknowledged => {
                for alert in &mut read.alerts {
                    alert.acknowledged_at =
                        alert.acknowledged_at.or(alert.resolved.map(|(at, _)| at));
                }
            }
            Self::TransferIsDischarge => {
                for stay in &mut read.stays {
                    if stay.end.is_none()
                        && let Some((_, until)) = stay.spans.last()
                        && until.as_millis() < i64::MAX
                    {
                        stay.end = Some((*until, Destination::Home));
                    }
                }
            }
            Self::DeathMayReturn => {
                for stay in &mut read.stays {
                    stay.end = stay.end.map(|(at, to)| {
                        (
                            at,
                            if to == Destination::Died {
                                Destination::Home
                            } else {
                                to
                            },
                        )
                    });
                }
            }
            Self::KitIsSomebodys => {
                let first = read.stays.first().map(|stay| stay.stay);
                for alert in &mut read.alerts {
                    alert.stay = alert.stay.or(first);
                }
            }
            Self::EmergencyIsStepUp => {
                for stay in &mut read.stays {
                    if stay.source == Some(Source::EmergencyDepartment) {
                        stay.source = Some(Source::Ambulance);
                    }
                }
            }
            Self::MissedIsNotDue => read
                .stays
                .iter_mut()
                .for_each(|stay| stay.asked.due = stay.asked.kept),
            Self::EmptyLanguageIsNobody => read.stays.retain(|stay| !stay.language.is_empty()),
            Self::MeanIsMedian | Self::OrderIsLost => {}
        }
        let mut made = report(&read);
        if matches!(self, Self::MeanIsMedian) {
            mean_is_median(&mut made, facts);
        }
        if matches!(self, Self::OrderIsLost) {
            made.noisiest.sort_by_key(|noisy| noisy.stay);
        }
        made
    }
}

fn outcome_is(facts: &mut Facts, was: Outcome, is: Outcome) {
    for alert in &mut facts.alerts {
        alert.resolved = alert
            .resolved
            .map(|(at, outcome)| (at, if outcome == was { is } else { outcome }));
    }
}

fn mean_is_median(report: &mut Report, facts: &Facts) {
    let spans: Vec<i64> = facts
        .alerts
        .iter()
        .filter_map(|alert| alert.shown_at.map(|at| at.millis_since(alert.raised_at)))
        .collect();
    let Ok(many) = i64::try_from(spans.len()) else {
        return;
    };
    if many == 0 {
        return;
    }
    let mean = spans.iter().sum::<i64>() / many;
    let figures = report
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.figures);
    for figure in figures.filter(|figure| figure.definition.name == "time_to_show_median") {
        for line in figure.lines.iter_mut().filter(|line| line.by == By::Whole) {
            line.value = Some(f64::from(u32::try_from(mean).unwrap()) / 1_000.0);
        }
    }
}
