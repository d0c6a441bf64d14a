//! What is to be expected, worked out each time from the whole list of what was done. Slow, and written without a look at
//! the rules' own code.

use std::collections::BTreeSet;

/// What was done, in the order in which it was done. Numbers stand for people, stays, wards and problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Admit {
        patient: u8,
        ward: u8,
    },
    Readmit {
        patient: u8,
        ward: u8,
        was_wrong: bool,
    },
    PauseAway {
        stay: usize,
    },
    PauseInHospital {
        stay: usize,
    },
    Resume {
        stay: usize,
    },
    Discharge {
        stay: usize,
    },
    Hospital {
        stay: usize,
    },
    Death {
        stay: usize,
    },
    Transfer {
        stay: usize,
        ward: u8,
    },
    Channel {
        stay: usize,
        channel: u8,
    },
    /// A reading; whether it is low.
    Read {
        stay: usize,
        low: bool,
    },
    /// Somebody takes everything that is open about a stay.
    Acknowledge {
        stay: usize,
    },
    /// Somebody ends everything that is open about a stay.
    Resolve {
        stay: usize,
    },
}

/// Everything that was done and not refused. A stay's number is its place among the admissions.
#[derive(Default)]
pub struct History(pub Vec<Deed>);

impl History {
    fn admissions(&self) -> Vec<(u8, u8)> {
        let mut found = Vec::new();
        for deed in &self.0 {
            match deed {
                Deed::Admit { patient, ward } | Deed::Readmit { patient, ward, .. } => {
                    found.push((*patient, *ward));
                }
                _ => {}
            }
        }
        found
    }

    /// "active", "away", "in hospital", "home", "hospital", "died".
    pub fn phase(&self, of: usize) -> &'static str {
        let mut phase = "active";
        for deed in &self.0 {
            phase = match deed {
                Deed::PauseAway { stay } if *stay == of => "away",
                Deed::PauseInHospital { stay } if *stay == of => "in hospital",
                Deed::Resume { stay } if *stay == of => "active",
                Deed::Discharge { stay } if *stay == of => "home",
                Deed::Hospital { stay } if *stay == of => "hospital",
                Deed::Death { stay } if *stay == of => "died",
                _ => phase,
            };
        }
        phase
    }

    pub fn is_over(&self, stay: usize) -> bool {
        ["home", "hospital", "died"].contains(&self.phase(stay))
    }

    pub fn ward(&self, of: usize) -> u8 {
        let mut ward = self.admissions()[of].1;
        for deed in &self.0 {
            if let Deed::Transfer { stay, ward: to } = deed
                && *stay == of
            {
                ward = *to;
            }
        }
        ward
    }

    fn channel(&self, of: usize) -> u8 {
        let mut changes = self.0.iter().filter_map(|deed| match deed {
            Deed::Channel { stay, channel } if *stay == of => Some(*channel),
            _ => None,
        });
        changes.next_back().unwrap_or(0)
    }

    /// What is open about a stay: names of problems.
    pub fn open(&self, of: usize) -> BTreeSet<&'static str> {
        let mut open = BTreeSet::new();
        for (place, deed) in self.0.iter().enumerate() {
            match deed {
                Deed::Read { stay, low: true } if *stay == of => {
                    let before = History(self.0[..place].to_vec());
                    open.insert(match before.phase(of) {
                        "active" => "oxygen",
                        "away" | "in hospital" => "while_paused",
                        _ => "after_discharge",
                    });
                }
                Deed::Resolve { stay }
                | Deed::Death { stay }
                | Deed::Hospital { stay }
                | Deed::PauseInHospital { stay }
                    if *stay == of =>
                {
                    open.clear();
                }
                _ => {}
            }
        }
        open
    }

    /// Whether this can be done now.
    pub fn expects(&self, deed: Deed) -> bool {
        let stays_of = |patient: u8| -> Vec<usize> {
            let admissions = self.admissions();
            (0..admissions.len())
                .filter(|stay| admissions[*stay].0 == patient)
                .collect()
        };
        let all_over = |patient| stays_of(patient).into_iter().all(|stay| self.is_over(stay));
        let died = |patient: u8| {
            stays_of(patient)
                .into_iter()
                .any(|stay| self.phase(stay) == "died")
        };
        match deed {
            Deed::Admit { patient, .. } => all_over(patient) && !died(patient),
            Deed::Readmit {
                patient, was_wrong, ..
            } => {
                !stays_of(patient).is_empty() && all_over(patient) && (was_wrong || !died(patient))
            }
            Deed::PauseAway { stay } => self.phase(stay) == "active" && self.open(stay).is_empty(),
            Deed::PauseInHospital { stay } => ["active", "away"].contains(&self.phase(stay)),
            Deed::Resume { stay } => ["away", "in hospital"].contains(&self.phase(stay)),
            Deed::Discharge { stay } => !self.is_over(stay) && self.open(stay).is_empty(),
            Deed::Hospital { stay } => !self.is_over(stay),
            Deed::Death { stay } => self.phase(stay) != "died",
            Deed::Transfer { stay, ward } => !self.is_over(stay) && self.ward(stay) != ward,
            Deed::Channel { stay, channel } => !self.is_over(stay) && self.channel(stay) != channel,
            Deed::Read { .. } | Deed::Acknowledge { .. } | Deed::Resolve { .. } => true,
        }
    }

    /// The open stays of each patient.
    pub fn open_stays(&self, patient: u8) -> usize {
        let admissions = self.admissions();
        (0..admissions.len())
            .filter(|stay| admissions[*stay].0 == patient && !self.is_over(*stay))
            .count()
    }
}
