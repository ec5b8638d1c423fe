//! What the operating system says about the line, handed to whoever sits at the desk.

use std::sync::{Arc, Weak};

use super::Desk;

impl Desk {
    /// Listens to the system until the desk ends. Holds no desk alive.
    pub(super) fn listen_to_system(self: &Arc<Self>) {
        let (desk, stop) = (Arc::downgrade(self), self.cancel.clone());
        self.tracker.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = congvan_remote::watch_system(move || hint(&desk)) => {}
            }
        });
    }
}

fn hint(desk: &Weak<Desk>) {
    let session = desk.upgrade().and_then(|desk| desk.current());
    if let Some(session) = session {
        session.driver.network_changed();
    }
}
