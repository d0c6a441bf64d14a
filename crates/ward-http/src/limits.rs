//! How fast, and how many at once.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use ward_core::id::BridgeId;

use crate::options::HttpOptions;
use crate::problem::ApiError;

/// All limits of the HTTP face. Counters are this process's; a restart forgets them, which harms nobody.
pub(crate) struct Limits {
    tries_by_address: DefaultKeyedRateLimiter<IpAddr>,
    tries_by_name: DefaultKeyedRateLimiter<(Option<IpAddr>, String)>,
    batches: DefaultKeyedRateLimiter<BridgeId>,
    at_once: Arc<Semaphore>,
    consoles: Arc<Semaphore>,
}

impl Limits {
    pub(crate) fn new(options: &HttpOptions) -> Self {
        let some = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let tries = Quota::per_minute(some(options.tries_per_minute));
        let under_one_name = Quota::per_minute(some(options.tries_per_minute.div_ceil(2)));
        let batches = Quota::per_second(some(options.batches_per_second))
            .allow_burst(some(options.batches_per_second.saturating_mul(10)));
        Self {
            tries_by_address: RateLimiter::keyed(tries),
            tries_by_name: RateLimiter::keyed(under_one_name),
            batches: RateLimiter::keyed(batches),
            at_once: Arc::new(Semaphore::new(options.max_batches)),
            consoles: Arc::new(Semaphore::new(options.max_consoles)),
        }
    }

    /// One more try to enrol. A code has 80 bits: what is limited is the load, not the guessing.
    pub(crate) fn try_code(&self, address: Option<IpAddr>) -> Result<(), ApiError> {
        if let Some(address) = address {
            self.tries_by_address
                .check_key(&household(address))
                .map_err(|until| wait(&until))?;
        }
        Ok(())
    }

    /// One more try to sign in, from an address and under a name. Tries from elsewhere under the same name do not count:
    /// nobody is locked out by a stranger.
    pub(crate) fn try_password(
        &self,
        address: Option<IpAddr>,
        username: &str,
    ) -> Result<(), ApiError> {
        self.try_code(address)?;
        self.tries_by_name
            .check_key(&(address.map(household), username.to_owned()))
            .map_err(|until| wait(&until))
    }

    /// One more batch from a bridge; the permit is held while it is under way.
    pub(crate) fn batch(&self, bridge: BridgeId) -> Result<OwnedSemaphorePermit, ApiError> {
        self.batches
            .check_key(&bridge)
            .map_err(|until| wait(&until))?;
        Arc::clone(&self.at_once)
            .try_acquire_owned()
            .map_err(|_| ApiError::full("readings are coming in"))
    }

    /// One more console.
    pub(crate) fn console(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.consoles)
            .try_acquire_owned()
            .map_err(|_| ApiError::full("consoles are open"))
    }

    /// Forgets whoever has not been heard of for a while.
    pub(crate) fn forget_old(&self) {
        self.tries_by_address.retain_recent();
        self.tries_by_name.retain_recent();
        self.batches.retain_recent();
    }
}

/// Whoever has one IPv6 address has the 2⁶⁴ of its network: they count as one.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        },
    }
}

fn wait(until: &governor::NotUntil<governor::clock::QuantaInstant>) -> ApiError {
    let seconds = until
        .wait_time_from(DefaultClock::default().now())
        .as_secs();
    ApiError::too_fast(u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_ipv6_network_share_their_tries_and_ipv4_ones_do_not() {
        let of = |text: &str| household(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
