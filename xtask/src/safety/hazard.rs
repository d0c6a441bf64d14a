//! One hazard, one file: `safety/hazards/H05-stale-board-looks-live.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::risk::Risk;
use crate::workspace;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hazard {
    /// As in the starter log: `H05`. Never used again for another hazard.
    pub id: String,
    pub title: String,
    pub causes: Vec<String>,
    /// What the system or its users then do.
    pub effect: String,
    /// What that does to a patient.
    pub harm: String,
    /// Before any control.
    pub initial: Risk,
    /// With every control in place and working.
    pub residual: Risk,
    /// Who answers for it: a role, not a name.
    pub owner: String,
    pub status: Status,
    /// Absent until a clinical safety officer has looked at this hazard and its controls.
    pub review: Option<Review>,
    pub controls: Vec<Control>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Its controls are not all there, or nobody has judged them.
    Open,
    /// A clinical safety officer has judged that the controls suffice.
    Controlled,
}

/// By whom, in what role, when (a date), and what they said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub by: String,
    pub role: String,
    pub on: String,
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub kind: Kind,
    pub text: String,
    /// Full names as the test runners report them: `ward_core::alert::tests::severity_only_rises`,
    /// `journeys::low_reading_reaches_every_console::…`, `browser::board::title of the test`.
    #[serde(default)]
    pub tests: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The system is built so.
    Design,
    /// The system is checked for it.
    Test,
    /// People are taught it.
    Training,
    /// An organisation does it.
    Process,
}

impl Kind {
    /// What the software does can be shown by running it; what people do cannot.
    pub fn needs_a_test(self) -> bool {
        matches!(self, Kind::Design | Kind::Test)
    }

    pub fn word(self) -> &'static str {
        match self {
            Kind::Design => "design",
            Kind::Test => "test",
            Kind::Training => "training",
            Kind::Process => "process",
        }
    }
}

/// Every hazard of a folder, by id.
pub fn read_all(folder: &Path) -> Result<Vec<Hazard>> {
    let mut hazards = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let stem = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default();
            hazards.push(
                read(stem, &workspace::read(&path)?).with_context(|| path.display().to_string())?,
            );
        }
    }
    ensure!(
        !hazards.is_empty(),
        "there are no hazards in {}",
        folder.display()
    );
    hazards.sort_by(|a, b| a.id.cmp(&b.id));
    for pair in hazards.windows(2) {
        if let [one, two] = pair {
            ensure!(one.id != two.id, "two files are about {}", one.id);
        }
    }
    Ok(hazards)
}

/// One file. What it must hold to be a hazard at all is checked here; whether its controls are proved, in `check`.
pub fn read(stem: &str, text: &str) -> Result<Hazard> {
    let hazard: Hazard = toml::from_str(text)?;
    let numbered = hazard
        .id
        .strip_prefix('H')
        .is_some_and(|number| number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()));
    ensure!(numbered, "an id is H and two digits, not {:?}", hazard.id);
    ensure!(
        stem.split('-').next() == Some(hazard.id.as_str()),
        "the file's name must begin with {}",
        hazard.id
    );
    for (what, text) in [
        ("title", &hazard.title),
        ("effect", &hazard.effect),
        ("harm", &hazard.harm),
        ("owner", &hazard.owner),
    ] {
        ensure!(!text.trim().is_empty(), "{what} is empty");
    }
    ensure!(!hazard.causes.is_empty(), "no cause is given");
    ensure!(!hazard.controls.is_empty(), "no control is given");
    ensure!(
        hazard.residual.score() <= hazard.initial.score(),
        "the controls make the risk greater"
    );
    ensure!(
        hazard.status == Status::Open || hazard.review.is_some(),
        "only a review by a clinical safety officer makes a hazard controlled"
    );
    Ok(hazard)
}
