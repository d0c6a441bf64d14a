//! The folder that papers are kept in: each appears whole or not at all, only its owner may read it, and old ones go.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

/// How the hour stands in a file's name: sorted by name is sorted by time, on every day of the year.
const HOUR: &str = "%Y-%m-%dT%H%MZ";

/// Where papers are written, and for how long they are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The folder.
    pub folder: PathBuf,
    /// Older ones are removed.
    pub keep: Duration,
}

impl Paper {
    /// Whether a paper could be written now. Makes the folder when only it is missing.
    ///
    /// # Errors
    /// In the words of the operating system.
    pub fn try_out(&self) -> io::Result<()> {
        self.make()?;
        let file = self.folder.join(".trial");
        write(&file, b"")?;
        fs::remove_file(file)
    }

    /// Writes a ward's paper of an hour, and once more under the name that does not change.
    pub(super) fn put(&self, code: &str, at: Timestamp, bytes: &[u8]) -> io::Result<()> {
        self.make()?;
        for name in [
            format!("{code}-{}.pdf", at.strftime(HOUR)),
            format!("{code}-newest.pdf"),
        ] {
            // A printer or a copying program never sees half a file.
            let unfinished = self.folder.join(format!(".{name}.part"));
            write(&unfinished, bytes)?;
            fs::rename(&unfinished, self.folder.join(name))?;
        }
        File::open(&self.folder)?.sync_all()
    }

    /// Removes papers that are too old. What is not a paper of ours stays.
    pub(super) fn tidy(&self, now: Timestamp) -> io::Result<usize> {
        self.make()?;
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let age = hour_of(&path).map(|at| now.duration_since(at).unsigned_abs());
            if age.is_some_and(|age| age > self.keep) {
                fs::remove_file(path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn make(&self) -> io::Result<()> {
        match fs::DirBuilder::new().mode(0o700).create(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}

/// The hour in the name of a paper.
fn hour_of(path: &Path) -> Option<Timestamp> {
    let (_, hour) = path
        .file_name()?
        .to_str()?
        .strip_suffix(".pdf")?
        .split_once('-')?;
    let hour = jiff::civil::DateTime::strptime(HOUR, hour).ok()?;
    Some(hour.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// Names and phone numbers: only for whoever the service runs as, whatever the file was before.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_paper_is_its_owners_alone_and_the_newest_has_a_name_that_stays() {
        let place = tempfile::tempdir().unwrap();
        let paper = Paper {
            folder: place.path().join("paper"),
            keep: Duration::from_secs(48 * 3600),
        };
        paper.try_out().unwrap();
        paper
            .put("PEN", at("2026-10-25T00:00:00Z"), b"summer time")
            .unwrap();
        paper
            .put("PEN", at("2026-10-25T01:00:00Z"), b"winter time")
            .unwrap();
        assert_eq!(
            names(&paper.folder),
            [
                "PEN-2026-10-25T0000Z.pdf",
                "PEN-2026-10-25T0100Z.pdf",
                "PEN-newest.pdf"
            ]
        );
        let newest = paper.folder.join("PEN-newest.pdf");
        assert_eq!(fs::read(&newest).unwrap(), b"winter time");
        for path in [newest.as_path(), &paper.folder] {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
    }

    #[test]
    fn old_papers_go_and_nothing_else_does() {
        let place = tempfile::tempdir().unwrap();
        let paper = Paper {
            folder: place.path().to_owned(),
            keep: Duration::from_secs(2 * 3600),
        };
        for hour in [
            "2026-11-22T05:00:00Z",
            "2026-11-22T07:00:00Z",
            "2026-11-22T09:00:00Z",
        ] {
            paper.put("PEN", at(hour), b"x").unwrap();
        }
        for other in ["holiday.pdf", "PEN-rota.pdf", "PEN-2026-11-22T0500Z.txt"] {
            fs::write(place.path().join(other), "x").unwrap();
        }
        assert_eq!(paper.tidy(at("2026-11-22T09:00:00Z")).unwrap(), 1);
        assert_eq!(
            names(place.path()),
            [
                "PEN-2026-11-22T0500Z.txt",
                "PEN-2026-11-22T0700Z.pdf",
                "PEN-2026-11-22T0900Z.pdf",
                "PEN-newest.pdf",
                "PEN-rota.pdf",
                "holiday.pdf"
            ]
        );
    }

    #[test]
    fn what_was_left_half_written_is_written_anew() {
        let place = tempfile::tempdir().unwrap();
        let paper = Paper {
            folder: place.path().to_owned(),
            keep: Duration::from_secs(3600),
        };
        fs::write(place.path().join(".PEN-newest.pdf.part"), "half a page").unwrap();
        paper
            .put("PEN", at("2026-11-22T09:00:00Z"), b"whole")
            .unwrap();
        assert_eq!(
            fs::read(place.path().join("PEN-newest.pdf")).unwrap(),
            b"whole"
        );
        assert_eq!(
            names(place.path()),
            ["PEN-2026-11-22T0900Z.pdf", "PEN-newest.pdf"]
        );
    }
}
