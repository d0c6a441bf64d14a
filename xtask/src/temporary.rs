//! Folders that are gone afterwards.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A fresh private folder, removed with all that is in it when this value goes, unless it is kept.
pub struct Temporary {
    path: PathBuf,
    keep: bool,
}

impl Temporary {
    /// Makes `<parent>/<name>-<process>-<n>`, for this user's eyes only. Creating it fails where it exists: nobody can put one there before us.
    pub fn new(parent: &Path, name: &str) -> Result<Temporary> {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        for n in 0..1000 {
            let path = parent.join(format!("{name}-{}-{n}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Temporary { path, keep: false }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot make {}", path.display()));
                }
            }
        }
        bail!(
            "no free name for a temporary folder in {}",
            parent.display()
        )
    }

    /// Leaves the folder where it is when this value goes.
    pub fn keep(mut self) -> Temporary {
        self.keep = true;
        self
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!(
                "warning: {} could not be removed: {error}",
                self.path.display()
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_is_fresh_private_and_gone_afterwards() {
        use std::os::unix::fs::PermissionsExt;
        let parent = std::env::temp_dir();
        let (one, two) = (
            Temporary::new(&parent, "wardlight-t").unwrap(),
            Temporary::new(&parent, "wardlight-t").unwrap(),
        );
        assert_ne!(one.path(), two.path());
        assert_eq!(
            fs::metadata(one.path()).unwrap().permissions().mode() & 0o777,
            0o700
        );
        fs::write(one.path().join("file"), "x").unwrap();
        let (gone, kept) = (one.path().to_path_buf(), two.path().to_path_buf());
        drop(one);
        drop(two.keep());
        assert!(!gone.exists());
        assert!(kept.exists());
        fs::remove_dir(kept).unwrap();
    }
}
