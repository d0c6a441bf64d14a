//! The data folder and what says who this bridge is.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::finding::{Finding, Verdict};
use crate::identity::{Identity, IdentityError, Place};
use crate::token::TokenError;

const FOLDER: &str = "data folder";
const ROOM: &str = "room on disk";
const ENROLLED: &str = "enrolled";

/// Under this nothing can be relied on any more.
const LEAST_ROOM: u64 = 32 << 20;
const LEAST_INODES: u64 = 1000;

/// There, the bridge's own, writable, with room for the spool.
pub(super) fn folder(folder: &Path, limit_bytes: u64) -> Vec<Finding> {
    let shown = folder.display();
    let found = match fs::metadata(folder) {
        Ok(found) if found.is_dir() => found,
        Ok(_) => {
            let said = format!("{shown} is no folder");
            return vec![Finding::wrong(FOLDER, said, "give another data_dir")];
        }
        Err(why) => {
            let said = format!("{shown}: {why}");
            let advice = format!(
                "as root: install -d -o wardlight-bridge -g wardlight-bridge -m 0700 {shown} (the Debian package does it)"
            );
            return vec![Finding::wrong(FOLDER, said, advice)];
        }
    };
    let mode = found.permissions().mode() & 0o777;
    let owner = name_of(found.uid());
    let mine = rustix::process::geteuid();
    let usable = if mode & 0o077 != 0 {
        let said = format!("{shown} can be read by others (mode {mode:04o})");
        Finding::wrong(FOLDER, said, format!("chmod 0700 {shown}"))
    } else if !mine.is_root() && mine.as_raw() != found.uid() {
        let said = format!(
            "{shown} belongs to {owner}, and this is {}",
            name_of(mine.as_raw())
        );
        Finding::wrong(
            FOLDER,
            said,
            format!("run doctor as its owner: sudo -u {owner} wardlight-bridge doctor …"),
        )
    } else if let Err(why) = try_to_write(folder) {
        let advice = if why.raw_os_error() == Some(rustix::io::Errno::ROFS.raw_os_error()) {
            "the card or disk has gone read-only, which a failing one does: save the spool, replace it"
        } else {
            "see to the folder's owner and mode, and to room on the disk"
        };
        Finding::wrong(
            FOLDER,
            format!("{shown} cannot be written to: {why}"),
            advice,
        )
    } else {
        Finding::ok(
            FOLDER,
            format!("{shown}, of {owner}, mode {mode:04o}, can be written to"),
        )
    };
    vec![usable, room(folder, limit_bytes)]
}

/// A file of its own name, gone again at once.
fn try_to_write(folder: &Path) -> io::Result<()> {
    let file = folder.join(format!(".doctor-{}", std::process::id()));
    let open = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)?;
    let written = io::Write::write_all(&mut &open, b"x").and_then(|()| open.sync_all());
    fs::remove_file(&file)?;
    written
}

fn room(folder: &Path, limit_bytes: u64) -> Finding {
    let room = match rustix::fs::statvfs(folder) {
        Ok(room) => room,
        Err(why) => return Finding::warning(ROOM, why.to_string(), "look with `df`"),
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let said = format!("{} MB free", free >> 20);
    // Some file systems count no inodes at all.
    let few = room.f_files > 0 && room.f_favail < LEAST_INODES;
    if free < LEAST_ROOM || few {
        let said = if few {
            format!("{said}, {} files", room.f_favail)
        } else {
            said
        };
        Finding::wrong(
            ROOM,
            said,
            "make room at once: readings may soon not be kept",
        )
    } else if free < limit_bytes {
        let advice = format!(
            "make room, or lower spool.limit_megabytes: the spool may grow to {} MB",
            limit_bytes >> 20
        );
        Finding::warning(ROOM, said, advice)
    } else {
        Finding::ok(ROOM, said)
    }
}

/// A key, or the token of before there were keys: there, and nobody else's.
pub(super) fn enrolled(place: &Place, token_file: &Path) -> Finding {
    match place.read() {
        Err(IdentityError::Token(why @ TokenError::NotEnrolled(_))) => {
            let advice = "ask the ward for a code (good once, for 30 minutes) and run: wardlight-bridge enrol --config FILE CODE";
            let said = why.to_string();
            let said = said.split(". ").next().unwrap_or_default().to_owned();
            Finding::wrong(ENROLLED, said, advice)
        }
        Err(why) => Finding::wrong(
            ENROLLED,
            why.to_string(),
            "run doctor as the bridge's user; or enrol it again with --replace",
        ),
        Ok(Identity::Key(_)) => private(place.key_file()),
        Ok(Identity::Token(_)) => match private(token_file) {
            good if good.verdict == Verdict::Ok => Finding::warning(
                ENROLLED,
                good.said,
                "this is a token of before there were keys: ask the ward for a code, and enrol --replace gives this bridge a key",
            ),
            wrong => wrong,
        },
    }
}

/// Readable by its owner only.
fn private(file: &Path) -> Finding {
    let shown = file.display();
    match fs::metadata(file).map(|found| found.permissions().mode() & 0o777) {
        Ok(mode) if mode & 0o077 != 0 => Finding::wrong(
            ENROLLED,
            format!("{shown} can be read by others (mode {mode:04o})"),
            format!(
                "chmod 0600 {shown}; if others use this machine, ask the ward for a new code: enrol --replace"
            ),
        ),
        Ok(mode) => Finding::ok(ENROLLED, format!("{shown}, mode {mode:04o}")),
        Err(why) => Finding::wrong(ENROLLED, format!("{shown}: {why}"), "enrol it again"),
    }
}

/// The name of a user, or the number.
pub(super) fn name_of(uid: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut users = users.lines().map(|line| line.split(':'));
    users
        .find_map(|mut fields| {
            let name = fields.next()?;
            (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
        })
        .unwrap_or_else(|| format!("user {uid}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config;

    fn verdict(findings: &[Finding], check: &str) -> (Verdict, String) {
        let found = findings.iter().find(|it| it.check == check).unwrap();
        let advice = found.advice.clone().unwrap_or_default();
        (found.verdict, format!("{} {advice}", found.said))
    }

    #[test]
    fn a_folder_that_others_can_read_or_that_is_not_there_is_wrong() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("data");
        let (verdict_, said) = verdict(&folder(&place, 1), FOLDER);
        assert!(
            verdict_ == Verdict::Wrong && said.contains("install -d"),
            "{said}"
        );
        fs::create_dir(&place).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
        let (verdict_, said) = verdict(&folder(&place, 1), FOLDER);
        assert!(
            verdict_ == Verdict::Wrong && said.contains("chmod 0700"),
            "{said}"
        );
        fs::set_permissions(&place, fs::Permissions::from_mode(0o700)).unwrap();
        let good = folder(&place, 1);
        assert!(good.iter().all(|it| it.verdict == Verdict::Ok), "{good:?}");
        assert_eq!(
            fs::read_dir(&place).unwrap().count(),
            0,
            "nothing is left behind"
        );
        let (verdict_, _) = verdict(&folder(&place, u64::MAX), ROOM);
        assert_eq!(verdict_, Verdict::Warning);
    }

    #[test]
    fn a_credential_that_others_can_read_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let service = service(folder.path());
        let place = Place::of(&service);
        let file = &service.token_file;
        let look = || enrolled(&place, file);
        assert!(look().advice.unwrap().contains("enrol"));
        fs::write(file, "k".repeat(43)).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(look().verdict, Verdict::Wrong);
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
        let token = look();
        assert!(
            token.verdict == Verdict::Warning && !token.said.contains("kkk"),
            "{token:?}"
        );
    }

    fn service(folder: &Path) -> config::Service {
        config::Service {
            url: "https://ward.example.org/".parse().unwrap(),
            ca_file: None,
            token_file: folder.join("token"),
            key_file: folder.join("key"),
            timeout: Duration::from_secs(1),
            refresh_devices: Duration::from_secs(1),
        }
    }
}
