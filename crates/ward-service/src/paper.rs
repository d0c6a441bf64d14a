//! What a ward is printed from while the service runs, to be read when it does not.

use ward_core::id::WardId;
use ward_store::StoreError;

use crate::board::{Board, in_order};
use crate::calls::Calls;
use crate::error::{Unavailable, to_the_end};
use crate::wards::Wards;

/// A ward as of one moment: its board and its call list, of one state of the database.
pub struct WardOnPaper {
    /// In the order in which it is read.
    pub board: Board,
    /// Whom it rings.
    pub calls: Calls,
}

impl Wards {
    /// A ward, for the paper that the service writes by itself; nobody's permit stands behind it. `None` when there is no
    /// such ward.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn on_paper(&self, ward: WardId) -> Result<Option<WardOnPaper>, Unavailable> {
        let wards = self.clone();
        Ok(to_the_end::<_, StoreError>(async move {
            let Some(calls) = wards.calls_on(ward).await? else {
                return Ok(None);
            };
            let epoch = wards.store.epoch().await?;
            let mut board = in_order(calls.snapshot.board.clone(), epoch);
            board.staff.clone_from(&calls.snapshot.staff);
            Ok(Some(WardOnPaper { board, calls }))
        })
        .await?)
    }
}
