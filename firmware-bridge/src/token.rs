//! The bridge's credential, in a file that only the bridge's user can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// 256 bits that say who this bridge is. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// This bridge was never enrolled.
    #[error(
        "this bridge is not enrolled: there is no {0}. Ask the ward for a code, then run: wardlight-bridge enrol --config FILE CODE"
    )]
    NotEnrolled(PathBuf),
    /// The file cannot be used.
    #[error("the token file {file} cannot be used: {why}")]
    Unusable {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl Token {
    /// From what the service gave: printable, without spaces, of a sensible length.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fits =
            (32..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// For the header of a request.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Reads the token.
///
/// # Errors
/// When there is none, or it is not one.
pub fn read(file: &Path) -> Result<Token, TokenError> {
    let unusable = |why: String| TokenError::Unusable {
        file: file.to_owned(),
        why,
    };
    match fs::read_to_string(file) {
        Ok(text) => Token::new(text.trim())
            .ok_or_else(|| unusable("it holds no token. Move it away and enrol again".to_owned())),
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            Err(TokenError::NotEnrolled(file.to_owned()))
        }
        Err(why) => Err(unusable(why.to_string())),
    }
}

/// A file for a token that is still to come: made before the one-time code is spent.
#[derive(Debug)]
pub struct Place {
    file: PathBuf,
    new: PathBuf,
    open: File,
}

impl Place {
    /// Makes the folder and a new file beside `file`, readable by this user only.
    ///
    /// # Errors
    /// When this user cannot write there.
    pub fn prepare(file: &Path) -> Result<Self, TokenError> {
        let new = file.with_extension("new");
        let prepared = || {
            if let Some(folder) = file.parent() {
                let mut builder = fs::DirBuilder::new();
                builder.recursive(true);
                #[cfg(unix)]
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
                builder.create(folder)?;
            }
            match fs::remove_file(&new) {
                Err(why) if why.kind() != io::ErrorKind::NotFound => return Err(why),
                _ => {}
            }
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(&new)
        };
        match prepared() {
            Ok(open) => Ok(Self {
                file: file.to_owned(),
                new,
                open,
            }),
            Err(why) => Err(TokenError::Unusable {
                file: new,
                why: why.to_string(),
            }),
        }
    }

    /// Writes the token to disk and puts it in its place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(mut self, token: &Token) -> Result<(), TokenError> {
        let mut kept = || {
            self.open.write_all(token.as_str().as_bytes())?;
            self.open.write_all(b"\n")?;
            self.open.sync_all()?;
            fs::rename(&self.new, &self.file)?;
            self.file
                .parent()
                .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
        };
        kept().map_err(|why: io::Error| TokenError::Unusable {
            file: self.file.clone(),
            why: why.to_string(),
        })
    }

    /// Takes the empty file away again.
    pub fn give_up(self) {
        let _ = fs::remove_file(&self.new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_a_file_that_nobody_else_can_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/token");
        assert!(matches!(read(&file), Err(TokenError::NotEnrolled(_))));
        let token = Token::new(&"k".repeat(43)).unwrap();
        Place::prepare(&file).unwrap().keep(&token).unwrap();
        assert_eq!(read(&file).unwrap(), token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                fs::metadata(&file).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        assert!(!format!("{token:?}").contains("kk"));
    }

    #[test]
    fn what_could_break_a_header_is_no_token() {
        for wrong in [
            "",
            "short",
            &format!("{}\r\nX: y", "k".repeat(43)),
            &"k".repeat(600),
        ] {
            assert!(Token::new(wrong).is_none());
        }
    }
}
