//! Whether somebody has switched radio off, from the kernel's own files.

use std::fs;
use std::path::Path;

/// By what Bluetooth is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Block {
    Soft,
    Hard,
}

/// The worst block when every Bluetooth switch is blocked; `None` when one is free, or there is none to ask.
pub(super) fn bluetooth(folder: &Path) -> Option<Block> {
    let entries = fs::read_dir(folder).ok()?;
    let read = |place: &Path, name: &str| {
        let text = fs::read_to_string(place.join(name)).unwrap_or_default();
        text.trim().to_owned()
    };
    let switches: Vec<Option<Block>> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|place| read(place, "type") == "bluetooth")
        .map(
            |place| match (read(&place, "hard").as_str(), read(&place, "soft").as_str()) {
                ("1", _) => Some(Block::Hard),
                (_, "1") => Some(Block::Soft),
                _ => None,
            },
        )
        .collect();
    if switches.contains(&None) {
        None
    } else {
        switches.into_iter().flatten().max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_free_bluetooth_switch_is_enough_and_others_do_not_count() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(bluetooth(folder.path()), None);
        let switch = |name: &str, kind: &str, soft: &str, hard: &str| {
            let place = folder.path().join(name);
            fs::create_dir_all(&place).unwrap();
            for (file, text) in [("type", kind), ("soft", soft), ("hard", hard)] {
                fs::write(place.join(file), format!("{text}\n")).unwrap();
            }
        };
        switch("rfkill0", "wlan", "1", "1");
        assert_eq!(bluetooth(folder.path()), None);
        switch("rfkill1", "bluetooth", "1", "0");
        assert_eq!(bluetooth(folder.path()), Some(Block::Soft));
        switch("rfkill2", "bluetooth", "0", "1");
        assert_eq!(bluetooth(folder.path()), Some(Block::Hard));
        switch("rfkill3", "bluetooth", "0", "0");
        assert_eq!(bluetooth(folder.path()), None);
    }
}
