//! Letting go of results that their device has stored itself.

use rusqlite::params;

use crate::{error::Result, office::Office};

/// Forgets the ops that are older than the configuration's days and whose results their device has
/// reported as stored. The answer is how many.
///
/// Never sooner than a desk may offer them again: a desk that finds another history offers what was
/// acknowledged in the last 45 days under a new incarnation, and then only the op's id tells that it
/// is known.
pub(crate) fn prune(office: &Office) -> Result<usize> {
    let keep_ms = i64::from(office.config.keep_ops_days) * 86_400_000;
    let oldest = office.now().plus_ms(-keep_ms);
    office.db.write(|tx| {
        Ok(tx.execute(
            "DELETE FROM applied_op WHERE at < ?1 AND EXISTS (SELECT 1 FROM device d
               WHERE d.id = applied_op.device AND d.account = applied_op.account
                 AND d.incarnation = applied_op.incarnation
                 AND d.settled_through >= applied_op.local_seq)",
            params![oldest.0],
        )?)
    })
}
