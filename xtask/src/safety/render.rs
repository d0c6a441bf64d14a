//! The hazard log and the traceability matrix, for people: Markdown in target/safety/.

use std::fmt::Write;

use anyhow::Result;

use super::check::Evidence;
use super::hazard::{Hazard, Status};
use crate::workspace;

/// Without a recorded clinical review nobody may take this for a safety case.
const WARNING: &str = "**Not for clinical use.** At least one hazard below has no recorded review by a clinical safety officer.\n\n";

pub fn write(hazards: &[Hazard], evidence: &Evidence) -> Result<()> {
    let folder = workspace::target()?.join("safety");
    workspace::write_if_changed(&folder.join("hazard-log.md"), &log(hazards, evidence)?)?;
    workspace::write_if_changed(&folder.join("traceability.md"), &matrix(hazards, evidence)?)
}

fn log(hazards: &[Hazard], evidence: &Evidence) -> Result<String> {
    let mut text = String::from("# Hazard log\n\n");
    if hazards.iter().any(|hazard| hazard.review.is_none()) {
        text.push_str(WARNING);
    }
    text.push_str("| id | hazard | initial risk | residual risk | status | reviewed |\n|---|---|---|---|---|---|\n");
    for hazard in hazards {
        let reviewed = hazard
            .review
            .as_ref()
            .map_or("no", |review| review.on.as_str());
        let Hazard {
            id,
            title,
            initial,
            residual,
            ..
        } = hazard;
        writeln!(
            text,
            "| {id} | {title} | {initial} | {residual} | {} | {reviewed} |",
            status(hazard)
        )?;
    }
    for hazard in hazards {
        one(&mut text, hazard, evidence)?;
    }
    Ok(text)
}

fn one(text: &mut String, hazard: &Hazard, evidence: &Evidence) -> Result<()> {
    writeln!(text, "\n## {} {}\n\nCauses:", hazard.id, hazard.title)?;
    for cause in &hazard.causes {
        writeln!(text, "- {cause}")?;
    }
    writeln!(
        text,
        "\nEffect: {}\n\nHarm: {}\n",
        hazard.effect, hazard.harm
    )?;
    writeln!(
        text,
        "Initial risk: {}. Residual risk: {}. Owner: {}.\n",
        hazard.initial, hazard.residual, hazard.owner
    )?;
    match &hazard.review {
        Some(review) => writeln!(
            text,
            "Reviewed {} by {} ({}): {}\n",
            review.on, review.by, review.role, review.note
        )?,
        None => text.push_str("Review: none.\n\n"),
    }
    for control in &hazard.controls {
        writeln!(text, "- *{}*: {}", control.kind.word(), control.text)?;
        for test in &control.tests {
            writeln!(text, "  - `{test}`: {}", evidence.word(test))?;
        }
        if control.kind.needs_a_test() && control.tests.is_empty() {
            text.push_str("  - **no test**\n");
        }
    }
    Ok(())
}

fn matrix(hazards: &[Hazard], evidence: &Evidence) -> Result<String> {
    let mut text = String::from(
        "# From hazards to tests\n\n| hazard | control | kind | test | standing |\n|---|---|---|---|---|\n",
    );
    for hazard in hazards {
        for (number, control) in hazard.controls.iter().enumerate() {
            let name = format!("{}.{}", hazard.id, number + 1);
            let kind = control.kind.word();
            if control.tests.is_empty() {
                let standing = if control.kind.needs_a_test() {
                    "**no test**"
                } else {
                    "not tested by software"
                };
                writeln!(
                    text,
                    "| {name} | {} | {kind} | | {standing} |",
                    control.text
                )?;
            }
            for test in &control.tests {
                writeln!(
                    text,
                    "| {name} | {} | {kind} | `{test}` | {} |",
                    control.text,
                    evidence.word(test)
                )?;
            }
        }
    }
    Ok(text)
}

fn status(hazard: &Hazard) -> &'static str {
    match hazard.status {
        Status::Open => "open",
        Status::Controlled => "controlled",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::hazard;

    #[test]
    fn an_unreviewed_and_untested_hazard_says_so() {
        let text = "id='H99'\ntitle='t'\ncauses=['c']\neffect='e'\nharm='h'\nowner='o'\nstatus='open'\n\
                    initial={severity='major',likelihood='low'}\nresidual={severity='major',likelihood='low'}\n\
                    [[controls]]\nkind='design'\ntext='built so'\n";
        let hazards = [hazard::read("H99-t", text).unwrap()];
        let log = log(&hazards, &Evidence::none()).unwrap();
        assert!(log.contains("Not for clinical use"));
        assert!(log.contains("**no test**"));
        assert!(log.contains("major × low = 3"));
        assert!(
            matrix(&hazards, &Evidence::none())
                .unwrap()
                .contains("| H99.1 | built so | design | | **no test** |")
        );
    }
}
