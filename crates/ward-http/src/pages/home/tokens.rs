//! Whom a device knows: the tokens of one person or of several, in a cookie that no script reads.

use axum::http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;
use ward_core::id::StayId;
use ward_service::Secret;

use crate::problem::ApiError;
use crate::routes::App;

/// So many people may use one device: a floor of a care home. A cookie holds no more.
pub(crate) const AT_MOST: usize = 40;

/// Browsers keep a cookie for 400 days at most; a stay is over long before.
const LASTS_SECONDS: u32 = 400 * 24 * 3600;

/// The people that a device knows, the newest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens(Vec<(StayId, Secret)>);

impl Tokens {
    /// What the device brings. What cannot be read is nobody's.
    pub(crate) fn of(headers: &HeaderMap, app: &App) -> Self {
        let name = name(app);
        let lines = headers.get_all(header::COOKIE).iter();
        let value = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value);
        Self::parse(value)
    }

    fn parse(value: &str) -> Self {
        let pairs = value.split('~').filter_map(|pair| pair.split_once('.'));
        let known = pairs.filter_map(|(stay, token)| {
            let stay = Uuid::try_parse(stay).ok()?;
            Some((StayId(stay), Secret::received(token)))
        });
        Self(known.take(AT_MOST).collect())
    }

    fn text(&self) -> String {
        let pairs = self
            .0
            .iter()
            .map(|(stay, token)| format!("{}.{}", stay.0.simple(), token.reveal()));
        pairs.collect::<Vec<_>>().join("~")
    }

    /// The token for a stay.
    pub(crate) fn for_stay(&self, stay: StayId) -> Option<&Secret> {
        let known = self.0.iter().find(|(known, _)| *known == stay);
        known.map(|(_, token)| token)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(StayId, Secret)> {
        self.0.iter()
    }

    /// The only person that the device knows.
    pub(crate) fn only(&self) -> Option<StayId> {
        match self.0.as_slice() {
            [(stay, _)] => Some(*stay),
            _ => None,
        }
    }

    /// Whether whoever holds the device must say whom it is about.
    pub(crate) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Whether one more person would be too many.
    pub(crate) fn are_full(&self) -> bool {
        self.0.len() >= AT_MOST
    }

    /// And this one, in the place of an older token for the same person.
    pub(crate) fn and(mut self, stay: StayId, token: Secret) -> Self {
        self.0.retain(|(known, _)| *known != stay);
        self.0.insert(0, (stay, token));
        self
    }

    /// Without this person.
    pub(crate) fn without(mut self, stay: StayId) -> Self {
        self.0.retain(|(known, _)| *known != stay);
        self
    }

    /// The cookie that keeps them on the device. `Lax`, so that a link in a message opens the page signed in; what changes
    /// something is held to its origin.
    pub(crate) fn cookie(&self, app: &App) -> Result<HeaderValue, ApiError> {
        let lasts = if self.0.is_empty() { 0 } else { LASTS_SECONDS };
        let secure = if app.options.secure { "; Secure" } else { "" };
        let cookie = format!(
            "{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}",
            name(app),
            self.text()
        );
        HeaderValue::try_from(cookie).map_err(|_| ApiError::unavailable())
    }
}

const fn name(app: &App) -> &'static str {
    if app.options.secure {
        "__Host-wardlight-home"
    } else {
        "wardlight-home"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(number: u128) -> StayId {
        StayId(Uuid::from_u128(number))
    }

    #[test]
    fn a_device_knows_its_people_after_a_round_through_the_cookie() {
        let some = Tokens::default()
            .and(stay(1), Secret::received("one-_"))
            .and(stay(2), Secret::received("two"));
        let again = Tokens::parse(&some.text());
        assert_eq!(again.for_stay(stay(1)).unwrap().reveal(), "one-_");
        assert_eq!(again.for_stay(stay(2)).unwrap().reveal(), "two");
        assert!(again.for_stay(stay(3)).is_none() && again.are_several());
    }

    #[test]
    fn a_new_code_for_somebody_takes_the_place_of_the_old_one() {
        let tokens = Tokens::default()
            .and(stay(1), Secret::received("old"))
            .and(stay(1), Secret::received("new"));
        assert_eq!(tokens.iter().count(), 1);
        assert_eq!(tokens.for_stay(stay(1)).unwrap().reveal(), "new");
        assert_eq!(tokens.without(stay(1)).iter().count(), 0);
    }

    #[test]
    fn a_cookie_that_is_no_list_of_people_lets_nobody_in_and_a_full_one_fits() {
        for nothing in ["", "~", ".", "x.y", "~~~.~"] {
            assert_eq!(Tokens::parse(nothing).iter().count(), 0, "{nothing}");
        }
        let token = "A".repeat(43);
        let full = (0..60).fold(Tokens::default(), |tokens, number| {
            tokens.and(stay(number), Secret::received(&token))
        });
        let kept = Tokens::parse(&full.text());
        assert!(kept.are_full() && kept.text().len() < 3_500);
    }
}
