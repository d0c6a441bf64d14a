//! Tables to keep, as comma-separated values.

/// A cell: quoted, and never read as a formula by whatever opens it.
pub(crate) fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// A line of cells.
pub(crate) fn line<const CELLS: usize>(cells: [&str; CELLS]) -> String {
    format!("{}\r\n", cells.map(cell).join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(cell("=cmd()"), "\"'=cmd()\"");
        assert_eq!(cell("O'Hara \"Zo\""), "\"O'Hara \"\"Zo\"\"\"");
        assert_eq!(line(["a", "@b"]), "\"a\",\"'@b\"\r\n");
    }
}
