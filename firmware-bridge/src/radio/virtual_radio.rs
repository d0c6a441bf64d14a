//! Virtual oximeters in place of the radio: the same bytes, at the same pace. Only the wearers live faster.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use ward_oximeter::family;
use ward_sim::{Event, Habits, Model, Oximeter, Patient, Rhythm, Scenario};

use crate::address::Address;
use crate::clock::Clock;
use crate::config::Simulated;
use crate::devices::Devices;
use crate::radio::{Dialect, Events, Heard, RadioError, RadioEvent};

/// Speeds that make sense: at most a day of the wearer in a quarter of a minute.
const SPEEDS: std::ops::RangeInclusive<f64> = 1.0..=6000.0;
/// Not everybody puts the finger in at the same moment.
const STAGGER_S: u32 = 2;
/// A wearer who lives fast does not measure more often than this, from one beginning to the next.
const SHORTEST_RHYTHM_S: u32 = 60;

/// Who plays what: entries of the configuration, and scenarios of the command line over them.
#[derive(Clone, Debug)]
pub struct Cast {
    entries: Vec<Simulated>,
    scenarios: Vec<Scenario>,
    speed: u32,
}

/// What one device plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// What happens to the wearer.
    pub scenario: Scenario,
    /// Which bytes it sends.
    pub dialect: Dialect,
}

impl Cast {
    /// From the configuration and the command line; `speed` is how many times as fast the wearers live.
    ///
    /// # Errors
    /// When the speed makes no sense.
    pub fn new(
        entries: Vec<Simulated>,
        scenarios: Vec<Scenario>,
        speed: f64,
    ) -> Result<Self, RadioError> {
        if !SPEEDS.contains(&speed) {
            return Err(RadioError::Simulation(format!(
                "--speed {speed} is not in 1 to 6000"
            )));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked above: 1 to 6000"
        )]
        let speed = speed.round() as u32;
        Ok(Self {
            entries,
            scenarios,
            speed,
        })
    }

    /// What the `nth` device of the list plays. Takes the entry that it uses.
    fn role(&mut self, nth: usize, address: &Address) -> Role {
        let named = |entry: &Simulated| entry.address.as_ref() == Some(address);
        let entry = (self.entries.iter().position(named))
            .or_else(|| {
                self.entries
                    .iter()
                    .position(|entry| entry.address.is_none())
            })
            .map(|place| self.entries.remove(place));
        let mut role = match entry {
            Some(entry) => Role {
                scenario: entry.scenario,
                dialect: entry.dialect,
            },
            None => left_over(nth),
        };
        if let Some(scenario) = self.scenarios.get(nth) {
            role.scenario = *scenario;
        }
        role
    }

    fn oximeter(&self, nth: usize, address: &Address, role: Role) -> Oximeter {
        let model = match role.dialect {
            Dialect::Plx => Model::Plx,
            Dialect::Pc60 => Model::Pc60,
        };
        // The same device is the same patient at each start.
        let seed = (address.as_str().bytes()).fold(0_u64, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(byte.into())
        });
        let habits = Habits::of(role.scenario).speed(self.speed);
        let rhythm = match habits.rhythm {
            Rhythm::Worn => Rhythm::Worn,
            Rhythm::SpotChecks {
                every_s,
                lasts_s,
                times,
                ..
            } => Rhythm::SpotChecks {
                first_s: u32::try_from(nth).unwrap_or(0).saturating_mul(STAGGER_S),
                every_s: (every_s / self.speed).max(SHORTEST_RHYTHM_S),
                lasts_s,
                times,
            },
        };
        Oximeter::new(
            model,
            Patient::new(role.scenario, seed),
            habits.rhythm(rhythm),
        )
    }
}

/// Devices that nothing is said about: every scenario comes, and both families.
fn left_over(nth: usize) -> Role {
    let scenarios = Scenario::ALL;
    let scenario = scenarios.iter().cycle().nth(nth).copied();
    Role {
        scenario: scenario.unwrap_or(Scenario::Stable),
        dialect: if nth.is_multiple_of(2) {
            Dialect::Plx
        } else {
            Dialect::Pc60
        },
    }
}

/// Listens to virtual oximeters until `stop`.
pub async fn run(
    mut cast: Cast,
    mut devices: watch::Receiver<Devices>,
    events: Events,
    clock: Clock,
    stop: CancellationToken,
) {
    let mut playing: HashMap<Address, CancellationToken> = HashMap::new();
    let mut tasks = JoinSet::new();
    tracing::info!("listening for virtual oximeters");
    loop {
        let list = Arc::clone(&devices.borrow_and_update());
        playing.retain(|address, ends| {
            let stays = list.iter().any(|device| device.address == *address);
            if !stays {
                ends.cancel();
            }
            stays
        });
        for (nth, device) in list.iter().enumerate() {
            if playing.contains_key(&device.address) {
                continue;
            }
            let role = cast.role(nth, &device.address);
            tracing::info!(device = device.address.tail(), ?role, "virtual oximeter");
            let ends = stop.child_token();
            let stage = Stage {
                address: device.address.clone(),
                events: events.clone(),
                clock: clock.clone(),
            };
            let oximeter = cast.oximeter(nth, &device.address, role);
            tasks.spawn(stage.play(oximeter, ends.clone()));
            playing.insert(device.address.clone(), ends);
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = devices.changed() => if changed.is_err() { break },
        }
    }
    while tasks.join_next().await.is_some() {}
}

/// One virtual oximeter in real time.
struct Stage {
    address: Address,
    events: Events,
    clock: Clock,
}

impl Stage {
    async fn play(self, oximeter: Oximeter, ends: CancellationToken) {
        let Some(family) = family::choose(&oximeter.endpoints(), None).map(|plan| plan.family)
        else {
            tracing::error!("a virtual oximeter that no driver knows");
            return;
        };
        let began = Instant::now();
        for event in oximeter {
            let due = self.clock.shortened(Duration::from_millis(event.at_ms()));
            tokio::select! {
                () = ends.cancelled() => break,
                () = sleep_until(began + due) => {}
            }
            self.tell(match event {
                Event::Connected { .. } => Heard::Connected(family),
                Event::Packet(packet) => Heard::Packet {
                    characteristic: packet.characteristic,
                    bytes: packet.bytes,
                },
                Event::Disconnected { .. } => Heard::Disconnected,
            })
            .await;
        }
        self.tell(Heard::Disconnected).await;
    }

    async fn tell(&self, heard: Heard) {
        let event = RadioEvent {
            device: self.address.clone(),
            at: self.clock.steady(),
            heard,
        };
        // Fails only when the bridge is stopping.
        let _ = self.events.send(event).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Address {
        format!("00:1C:05:00:00:{last:02X}").parse().unwrap()
    }

    #[test]
    fn entries_with_an_address_are_for_that_device_and_the_others_for_the_next() {
        let entry = |address, scenario, dialect| Simulated {
            address,
            scenario,
            dialect,
        };
        let entries = vec![
            entry(None, Scenario::SlowFall, Dialect::Pc60),
            entry(Some(address(1)), Scenario::PoorSignal, Dialect::Plx),
        ];
        let mut cast = Cast::new(entries, vec![], 1.0).unwrap();
        assert_eq!(cast.role(0, &address(1)).scenario, Scenario::PoorSignal);
        let next = cast.role(1, &address(2));
        assert_eq!(
            (next.scenario, next.dialect),
            (Scenario::SlowFall, Dialect::Pc60)
        );
        assert_eq!(cast.role(2, &address(3)), left_over(2));
    }

    #[test]
    fn the_command_line_speaks_over_the_configuration() {
        let mut cast = Cast::new(vec![], vec![Scenario::SuddenFall], 60.0).unwrap();
        assert_eq!(cast.role(0, &address(1)).scenario, Scenario::SuddenFall);
        assert_eq!(cast.role(1, &address(2)), left_over(1));
        assert!(Cast::new(vec![], vec![], 0.5).is_err());
        assert!(Cast::new(vec![], vec![], f64::NAN).is_err());
    }
}
