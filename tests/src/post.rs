//! Whoever carries messages: keeps each letter that it is given, and fails as often as a test wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use ward_core::message::Trouble;
use ward_service::{Letter, Notifier};

/// Carries letters, in memory.
#[derive(Clone, Default)]
pub struct Post {
    letters: Arc<Mutex<Vec<Letter>>>,
    failing: Arc<Mutex<VecDeque<Trouble>>>,
}

impl Post {
    /// The next letters come to nothing, one for each trouble.
    pub fn fails(&self, troubles: &[Trouble]) {
        self.failing.lock().unwrap().extend(troubles);
    }

    /// How messages go out by this post.
    ///
    /// # Panics
    /// When the messages that come with the program cannot be read.
    #[must_use]
    pub fn notifier(&self) -> Notifier {
        let post = self.clone();
        Notifier {
            outlet: Arc::new(move |letter| {
                let trouble = post.failing.lock().unwrap().pop_front();
                post.letters.lock().unwrap().push(letter);
                // Somebody else gets a turn meanwhile.
                Box::pin(async move {
                    tokio::task::yield_now().await;
                    trouble.map_or(Ok(()), Err)
                })
            }),
            slot_reminders: true,
        }
    }

    /// What was given to it since the last look, whether it got through or not.
    #[must_use]
    pub fn took(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.letters.lock().unwrap())
    }

    /// As [`Post::took`], the kinds alone.
    #[must_use]
    pub fn took_kinds(&self) -> Vec<&'static str> {
        self.took().iter().map(|letter| letter.kind).collect()
    }
}
