//! Oximeters that have handed over the records in their memory, and wait for word that the service holds them.

use crate::address::Address;
use crate::radio::Handover;
use crate::spool::{Spool, SpoolError};

/// A bridge has as many oximeters connected as its adapter can hold, which are fewer.
const LIMIT: usize = 64;

/// One at most for each oximeter.
#[derive(Debug, Default)]
pub(super) struct Handovers(Vec<Open>);

#[derive(Debug)]
struct Open {
    device: Address,
    handover: Handover,
    /// The newest reading in the spool when everything before it was on disk; not yet looked up: none.
    until: Option<i64>,
}

impl Handovers {
    /// Everything that was heard of this oximeter until now is to be confirmed.
    pub(super) fn begin(&mut self, device: Address, handover: Handover) {
        self.end(&device);
        if self.0.len() < LIMIT {
            self.0.push(Open {
                device,
                handover,
                until: None,
            });
        }
    }

    /// It is gone: the next connection hands over again.
    pub(super) fn end(&mut self, device: &Address) {
        self.0.retain(|open| open.device != *device);
    }

    /// Rings for those of which the service holds everything. Call it only when nothing waits to get on disk.
    pub(super) async fn look(&mut self, spool: &Spool) -> Result<(), SpoolError> {
        let mut place = 0;
        while let Some(open) = self.0.get_mut(place) {
            if look(open, spool).await? {
                open.handover.confirm();
                self.0.remove(place);
            } else {
                place += 1;
            }
        }
        Ok(())
    }
}

async fn look(open: &mut Open, spool: &Spool) -> Result<bool, SpoolError> {
    let until = match open.until {
        Some(until) => until,
        None => *open.until.insert(spool.last_place().await?),
    };
    spool.is_confirmed(&open.device, until).await
}
