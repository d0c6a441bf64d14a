//! The key in whose name browsers are pushed to.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use rustix::fs::{Mode, OFlags};
use ward_server::VapidKey;

/// Writes a new key, and never over one that is there: with it every browser's agreement would end.
pub fn make(file: &Path) -> anyhow::Result<()> {
    let pem = VapidKey::new_pem()?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let opened = rustix::fs::open(file, flags, Mode::RUSR | Mode::WUSR).with_context(|| {
        format!(
            "{} cannot be made: is there a key already? Another one ends every browser's agreement",
            file.display()
        )
    })?;
    let mut opened = std::fs::File::from(opened);
    opened.write_all(pem.as_bytes())?;
    opened.sync_all()?;
    let key = VapidKey::read(&pem).context("the key cannot be read again")?;
    println!(
        "{} holds the key. Keep a copy where backups are kept.",
        file.display()
    );
    println!(
        "Its public half, which pages tell their browsers: {}",
        key.public()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_for_the_service_alone_and_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("push.pem");
        make(&file).unwrap();
        let first = std::fs::read_to_string(&file).unwrap();
        assert!(VapidKey::read(&first).is_some());
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
        assert!(make(&file).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), first);
    }
}
