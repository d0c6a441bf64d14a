//! Links for video calls: a ward's own pattern, in which the room's name is put.

/// Where the room's name goes.
const ROOM: &str = "{room}";
/// Patterns hold so many characters at most.
const LONGEST: usize = 500;

/// A pattern for links: `https://video.example.nhs.uk/{room}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoLinks(String);

/// Why a text is no such pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a pattern for video links begins with https://, has {{room}} in it once, and no spaces, in at most 500 characters: https://video.example.nhs.uk/{{room}}"
)]
pub struct NotAPattern;

impl std::str::FromStr for VideoLinks {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.starts_with("https://")
            && text.matches(ROOM).count() == 1
            && text.chars().count() <= LONGEST
            && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        // The host is the ward's choice, never the room's.
        let host_is_whole = text
            .trim_start_matches("https://")
            .split_once('/')
            .is_some_and(|(host, _)| !host.is_empty() && !host.contains(ROOM));
        (fits && host_is_whole)
            .then(|| Self(text.to_owned()))
            .ok_or(NotAPattern)
    }
}

impl VideoLinks {
    /// The link to a room.
    #[must_use]
    pub fn to(&self, room: &str) -> String {
        self.0.replace(ROOM, room)
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_secure_address_with_one_room() {
        let links: VideoLinks = "https://video.example.nhs.uk/w/{room}?a=1".parse().unwrap();
        assert_eq!(links.to("r1"), "https://video.example.nhs.uk/w/r1?a=1");
        for text in [
            "",
            "http://video.example.nhs.uk/{room}",
            "https://video.example.nhs.uk/",
            "https://video.example.nhs.uk/{room}/{room}",
            "https://{room}.example.nhs.uk/a",
            "https:///{room}",
            "https://video.example.nhs.uk/a b/{room}",
        ] {
            assert_eq!(text.parse::<VideoLinks>(), Err(NotAPattern), "{text}");
        }
        let long = format!("https://a.uk/{{room}}{}", "x".repeat(LONGEST));
        assert_eq!(long.parse::<VideoLinks>(), Err(NotAPattern));
    }
}
