//! Who stands where on a shift.

use serde::{Deserialize, Serialize};

/// A post that somebody takes on a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// Leads the shift.
    Lead,
    /// Looks after alerts.
    Clinician,
    /// Works the call list.
    CallHandler,
    /// Is rung when nobody is on the ward.
    OnCall,
}

impl Post {
    /// Every one, the lead first.
    pub const ALL: [Self; 4] = [Self::Lead, Self::Clinician, Self::CallHandler, Self::OnCall];

    /// As it is stored: `lead`, `clinician`, `call_handler`, `on_call`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Clinician => "clinician",
            Self::CallHandler => "call_handler",
            Self::OnCall => "on_call",
        }
    }

    /// The post of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|post| post.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Post;

    #[test]
    fn every_post_is_found_by_its_name() {
        for post in Post::ALL {
            assert_eq!(Post::named(post.as_str()), Some(post));
            assert_eq!(
                serde_json::to_value(post).unwrap(),
                serde_json::json!(post.as_str())
            );
        }
        assert_eq!(Post::named("porter"), None);
    }
}
