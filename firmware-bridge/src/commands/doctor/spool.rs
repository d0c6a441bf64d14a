//! The spool: in use is good, and what is not in use is checked through.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::finding::Finding;
use crate::spool::{Looked, look as look_into};

const SPOOL: &str = "spool";

pub(super) async fn look(file: &Path) -> Vec<Finding> {
    let shown = file.display();
    let mut findings = Vec::new();
    if let Some(holder) = holder(&file.with_extension("lock")) {
        let said = format!(
            "in use by the running bridge (process {holder}), which checked it at its start"
        );
        findings.push(Finding::ok(SPOOL, said));
    } else {
        findings.push(match look_into(file).await {
            Ok(Looked::NotThere) => Finding::ok(SPOOL, format!("{shown} is made at the first start")),
            Ok(Looked::Sound { waiting }) => {
                Finding::ok(SPOOL, format!("{shown} is sound; {waiting} readings wait, no bridge runs on it"))
            }
            Ok(Looked::Damaged(why)) => Finding::wrong(
                SPOOL,
                format!("{shown} is damaged: {why}"),
                "start the bridge: it takes over what can be read and begins a new one; then replace the card or disk",
            ),
            Err(why) => Finding::wrong(SPOOL, why.to_string(), "see firmware-bridge/README.md, When things go wrong"),
        });
    }
    let aside = set_aside(file);
    if aside > 0 {
        findings.push(Finding::warning(
            SPOOL,
            format!("{aside} damaged spool(s) set aside beside it: this disk has failed before"),
            "keep them until the ward has its readings, replace the card or disk",
        ));
    }
    findings
}

/// The process that holds the spool's lock. Read from the kernel's list, since trying the lock could keep a bridge that
/// starts at this moment from taking it.
fn holder(lock: &Path) -> Option<String> {
    let inode = fs::metadata(lock).ok()?.ino();
    holder_in(&fs::read_to_string("/proc/locks").ok()?, inode)
}

/// A line is `1: FLOCK  ADVISORY  WRITE 1234 08:02:5678 0 EOF`; the device's numbers differ from `stat`'s on some file
/// systems, so the inode alone counts.
fn holder_in(locks: &str, inode: u64) -> Option<String> {
    locks.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        (fields.next()? == "FLOCK").then_some(())?;
        let process = fields.nth(2)?;
        let place = fields.next()?;
        (place.rsplit(':').next()?.parse() == Ok(inode)).then(|| process.to_owned())
    })
}

fn set_aside(file: &Path) -> usize {
    let Some(name) = file.file_name() else {
        return 0;
    };
    let begins = format!("{}.damaged-", name.to_string_lossy());
    let entries = file.parent().and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten();
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| {
            name.starts_with(&begins) && !name.ends_with("-wal") && !name.ends_with("-shm")
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_s_holder_is_read_from_the_kernel_s_list() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 08:02:77 0 EOF\n2: -> FLOCK ADVISORY WRITE 12 08:02:77 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 13 08:02:77 0 EOF\n";
        assert_eq!(holder_in(locks, 77), Some("13".to_owned()));
        assert_eq!(holder_in(locks, 78), None);
    }

    #[test]
    fn a_held_lock_is_seen_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool.lock");
        let file = fs::File::create(&path).unwrap();
        assert_eq!(holder(&path), None);
        file.try_lock().unwrap();
        assert_eq!(holder(&path), Some(std::process::id().to_string()));
    }
}
