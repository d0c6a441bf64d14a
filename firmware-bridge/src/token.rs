//! The token of a bridge that was enrolled before there were keys, in a file that only the bridge's user can read.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// 256 bits that say who this bridge is. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// This bridge was never enrolled.
    #[error(
        "this bridge is not enrolled: there is neither a key nor {0}. Ask the ward for a code, then run: wardlight-bridge enrol --config FILE CODE"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_and_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        assert!(matches!(read(&file), Err(TokenError::NotEnrolled(_))));
        let token = Token::new(&"k".repeat(43)).unwrap();
        fs::write(&file, format!("{}\n", token.as_str())).unwrap();
        assert_eq!(read(&file).unwrap(), token);
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
