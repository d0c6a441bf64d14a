//! How many connections one address may have: one machine must not take every place.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// A ward behind one address has a few dozen consoles; a proxy has everybody's, and is named as such.
const CONNECTIONS_OF_ONE_ADDRESS: usize = 512;

/// The addresses that are connected.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peers {
    /// Not counted: they speak for many.
    trusted_proxies: Arc<[IpAddr]>,
    connected: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection's place, for as long as this is held.
#[derive(Debug)]
pub(crate) struct Place {
    /// `None` for one that is not counted.
    counted: Option<(Peers, IpAddr)>,
}

impl Peers {
    pub(crate) fn new(trusted_proxies: &[IpAddr]) -> Self {
        Self {
            trusted_proxies: trusted_proxies.into(),
            connected: Arc::default(),
        }
    }

    /// One more connection from an address; `None` when it has too many.
    pub(crate) fn connect(&self, address: IpAddr) -> Option<Place> {
        // One machine that listens to both protocols is one machine.
        let address = address.to_canonical();
        if address.is_loopback() || self.trusted_proxies.contains(&address) {
            return Some(Place { counted: None });
        }
        let mut connected = self.connected();
        let count = connected.entry(address).or_default();
        if *count >= CONNECTIONS_OF_ONE_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Place {
            counted: Some((self.clone(), address)),
        })
    }

    fn connected(&self) -> std::sync::MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.connected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((peers, address)) = &self.counted else {
            return;
        };
        let mut connected = peers.connected();
        if let Some(count) = connected.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                connected.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_so_many_places_and_leaves_room_for_others() {
        let proxy: IpAddr = "192.0.2.1".parse().unwrap();
        let one: IpAddr = "198.51.100.7".parse().unwrap();
        let peers = Peers::new(&[proxy]);
        let mut places: Vec<_> = (0..512).map(|_| peers.connect(one).unwrap()).collect();
        assert!(peers.connect(one).is_none());
        assert!(
            peers
                .connect("::ffff:198.51.100.7".parse().unwrap())
                .is_none()
        );
        assert!(peers.connect("198.51.100.8".parse().unwrap()).is_some());
        places.pop();
        let again = peers.connect(one);
        assert!(again.is_some());
        for many in [proxy, "127.0.0.1".parse().unwrap(), "::1".parse().unwrap()] {
            let all: Vec<_> = (0..600).map(|_| peers.connect(many)).collect();
            assert!(all.iter().all(Option::is_some), "{many}");
        }
        drop((places, again));
        assert!(peers.connected().is_empty());
    }
}
