//! The look of the pages: nhsuk-frontend's stylesheet, without the fonts that are licensed to NHS organisations alone and
//! that every patient's phone would fetch from somebody else's server.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::npm;
use crate::workspace::{self, read, write_if_changed};

/// Where the pages find the files, and where the package's stylesheet says its icons are.
const SERVED_AT: &str = "/static/vendor/";
const ICONS_AT: &str = "/assets/images/";

const STYLESHEET: &str = "nhsuk-frontend.min.css";
const LICENCE: &str = "nhsuk-frontend-LICENCE.txt";

/// Raise this when what is done to the package's files changes.
const RECIPE: &str = "1";

/// Puts the stylesheet, its icons and its licence into the service's static folder, unless they are there.
pub fn prepare() -> Result<()> {
    let root = workspace::root()?;
    let (source, vendor) = (
        root.join("xtask/look"),
        root.join("crates/ward-http/static/vendor"),
    );
    let stamp = workspace::scratch()?.join("look.stamp");
    let wanted = format!(
        "recipe {RECIPE}\n{}",
        read(&source.join("package-lock.json"))?
    );
    let complete = vendor.join(STYLESHEET).is_file() && vendor.join(LICENCE).is_file();
    if complete && fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(());
    }
    // Installed beside the build's output: 21 MB, of which four icons and a stylesheet are wanted.
    let install = workspace::scratch()?.join("look");
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        write_if_changed(&install.join(file), &read(&source.join(file))?)?;
    }
    npm::install(&install)?;
    let package = install.join("node_modules/nhsuk-frontend/dist/nhsuk");
    copy(&package, &vendor)?;
    write_if_changed(&vendor.join(LICENCE), &read(&source.join(LICENCE))?)?;
    fs::write(&stamp, wanted).context("cannot note that the stylesheet is in place")
}

fn copy(package: &Path, vendor: &Path) -> Result<()> {
    let sheet = adapt(&read(&package.join(STYLESHEET))?)?;
    for icon in &sheet.icons {
        write_if_changed(
            &vendor.join(icon),
            &read(&package.join("assets/images").join(icon))?,
        )?;
    }
    write_if_changed(&vendor.join(STYLESHEET), &sheet.css)
}

struct Sheet {
    css: String,
    icons: Vec<String>,
}

/// Removes the font faces and the source map, and points the icons at our own folder. Refuses a sheet that would still
/// fetch something from elsewhere: a new version of the package must be looked at by a person.
fn adapt(css: &str) -> Result<Sheet> {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, face)) = rest.split_once("@font-face") {
        let (_, after) = face
            .split_once('}')
            .context("a font face that does not end")?;
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    let without_map = kept
        .split("/*# sourceMappingURL=")
        .next()
        .unwrap_or_default()
        .trim_end();
    let css = without_map.replace(ICONS_AT, SERVED_AT);
    let mut icons: Vec<String> = Vec::new();
    for url in css
        .split("url(")
        .skip(1)
        .filter_map(|tail| tail.split(')').next())
    {
        let url = url.trim_matches(['"', '\'']);
        let icon = url
            .strip_prefix(SERVED_AT)
            .with_context(|| format!("the stylesheet asks for {url}"))?;
        let plain = icon
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        ensure!(
            plain && icon.ends_with(".svg"),
            "the stylesheet asks for a strange icon: {url}"
        );
        if !icons.iter().any(|known| known == icon) {
            icons.push(icon.to_owned());
        }
    }
    ensure!(
        !css.contains("@import"),
        "the stylesheet imports another one"
    );
    Ok(Sheet { css, icons })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_and_source_map_go_and_icons_are_ours() {
        let css = "a{b:c}@font-face{font-family:F;src:url(https://elsewhere/f.woff2)}@font-face{src:url(https://elsewhere/g.woff)}\
                   d{background:url(/assets/images/tick.svg)}e{background:url(\"/assets/images/tick.svg\")}\n/*# sourceMappingURL=x.map */\n";
        let sheet = adapt(css).unwrap();
        assert_eq!(
            sheet.css,
            "a{b:c}d{background:url(/static/vendor/tick.svg)}e{background:url(\"/static/vendor/tick.svg\")}"
        );
        assert_eq!(sheet.icons, ["tick.svg"]);
    }

    #[test]
    fn a_sheet_that_fetches_from_elsewhere_is_refused() {
        assert!(adapt("a{background:url(https://elsewhere/x.svg)}").is_err());
        assert!(adapt("a{background:url(//elsewhere/x.svg)}").is_err());
        assert!(adapt("a{background:url(/assets/images/../../secret.svg)}").is_err());
        assert!(adapt("@import \"https://elsewhere/x.css\";").is_err());
    }
}
