//! Files that only the bridge's user can read, each written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::IdentityError;

/// What is in a file; nothing when there is none.
pub(super) fn read<T: DeserializeOwned>(file: &Path) -> Result<Option<T>, IdentityError> {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(why) => return Err(unusable(file, &why)),
    };
    let found = serde_json::from_slice(&text);
    found.map(Some).map_err(|why| {
        let why = format!("it holds no key ({why}). Move it away and enrol again");
        IdentityError::Unusable {
            file: file.to_owned(),
            why,
        }
    })
}

/// Puts it on disk, in the place of what was there. Once this has returned, no power cut undoes it.
pub(super) fn write<T: Serialize>(file: &Path, value: &T) -> Result<(), IdentityError> {
    let write = || -> io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".tmp");
        let new = file.with_file_name(name);
        match fs::remove_file(&new) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&new)?;
        open.write_all(&serde_json::to_vec(value)?)?;
        open.write_all(b"\n")?;
        open.sync_all()?;
        fs::rename(&new, file)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|why| unusable(file, &why))
}

/// Takes away what nothing leans on: one that stays is passed over.
pub(super) fn remove(file: &Path) {
    if let Err(why) = fs::remove_file(file)
        && why.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(file = %file.display(), %why, "a file of no more use cannot be removed");
    }
}

fn unusable(file: &Path, why: &io::Error) -> IdentityError {
    IdentityError::Unusable {
        file: file.to_owned(),
        why: why.to_string(),
    }
}
