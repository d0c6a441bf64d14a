//! Scripts and style sheets go over the line without what only their readers need: a third of what a page weighs.

/// Part of every file's tag: another number whenever [`squeezed`] makes something else of the same file.
pub(crate) const FORM: u8 = 1;

/// A script or style sheet without the comments that have lines of their own, and without indentation. What is left
/// stands on the lines where it stood, so that an error names the line of the source.
pub(crate) fn squeezed(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        let mut line = line.trim();
        if !in_comment && line.starts_with("/*") {
            // One that ends before its line does may stand in the middle of a sentence.
            in_comment = !line.contains("*/");
            if in_comment || line.ends_with("*/") && line.matches("*/").count() == 1 {
                line = "";
            }
        } else if in_comment {
            line = line.split_once("*/").map_or("", |(_, rest)| {
                in_comment = false;
                rest
            });
        } else if line.starts_with("//") {
            line = "";
        }
        short.push_str(line);
        short.push('\n');
    }
    short
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn comments_of_their_own_lines_go_and_every_line_stays_where_it_was() {
        let script = "// @ts-check\n/**\n * Says.\n * @param {string} it\n */\nexport function say(it) {\n  // Loudly.\n  \
                      return `${it}!`; // at once\n}\n/** @type {X} */ const one = 1;\n/* a */\n";
        let short = squeezed(script);
        assert_eq!(
            short,
            "\n\n\n\n\nexport function say(it) {\n\nreturn `${it}!`; // at once\n}\n/** @type {X} */ const one = 1;\n\n"
        );
        assert_eq!(squeezed(&short), short);
    }

    fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("vendor") {
                scripts(&path, found);
            } else if path.extension().is_some_and(|it| it == "js") {
                found.push(path);
            }
        }
    }

    /// A text over several lines would lose its indentation, or a line that looks like a comment.
    #[test]
    fn no_script_has_a_text_over_several_lines() {
        let mut found = Vec::new();
        scripts(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("static"),
            &mut found,
        );
        assert!(found.len() > 20);
        for path in found {
            for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                assert!(
                    line.matches('`').count().is_multiple_of(2),
                    "{}:{}",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}
