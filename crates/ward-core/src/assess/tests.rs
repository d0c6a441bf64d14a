//! The ten rules of the ward, as stories.

mod clock_and_kit;
mod doubt;
mod newest_word;
mod recheck;
mod relapse;
mod resolving;
mod surely_later;
mod worse;
