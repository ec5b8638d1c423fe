//! Which scanners there are, and what each can do.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use congvan_remote::escl::{
    ScanPatience, Scanner, ScannerAddress, ScannerCapabilities, ScannerDiscovery, ScannerError,
    Sighting,
};
use tokio_util::sync::CancellationToken;

use super::{
    KEPT,
    state::{Kept, Seen},
};
use crate::{ChangeTag, Desk};

/// How long the network is listened to after a person looked.
const LISTEN: Duration = Duration::from_secs(90);
/// How often scanners are asked while a person looks.
const ASK: Duration = Duration::from_secs(5);
/// Scanners shown at most.
const SHOWN: usize = 100;

/// Tries the ways to an address that was written down; the first that a scanner answers at.
pub(super) async fn answers_at(text: &str) -> Result<(Kept, Seen), ScannerError> {
    let mut refused = ScannerError::Unreachable;
    for address in ScannerAddress::by_hand(text)? {
        let scanner = Scanner::new(address.clone(), None, ScanPatience::default())?;
        match ask(&scanner).await {
            Ok((can, fault)) => {
                let name = can.make_and_model.clone();
                let kept = Kept {
                    url: address.to_string(),
                    name: name.clone(),
                    pin: scanner.pin().map(|pin| pin.to_string()),
                    by_hand: true,
                };
                let seen = Seen {
                    address,
                    name,
                    service: None,
                    can: Some(can),
                    fault,
                    asked: Some(Instant::now()),
                };
                return Ok((kept, seen));
            }
            // What something answered says more than that nothing answers elsewhere.
            Err(ScannerError::Unreachable) => {}
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// What a scanner can do, and what keeps it from doing it. An empty feeder is no fault before there
/// is paper to scan; a jam is.
async fn ask(
    scanner: &Scanner,
) -> Result<(ScannerCapabilities, Option<ScannerError>), ScannerError> {
    let can = scanner.capabilities().await?;
    let fault = scanner.status().await?.fault(false);
    Ok((can, fault))
}

impl Desk {
    /// Listens and asks while a person looks, rests else.
    pub(super) async fn find_scanners(self: Arc<Self>, cancel: CancellationToken) {
        let mut ears: Option<ScannerDiscovery> = None;
        loop {
            let looked = self.scanning().state().wanted;
            let looks = looked.is_some_and(|at| at.elapsed() < LISTEN);
            if looks {
                self.ask_stale(&cancel);
                if ears.is_none() {
                    // No network, no scanners: those written down are asked all the same.
                    ears = ScannerDiscovery::start();
                }
            } else {
                ears = None;
            }
            let heard = async {
                match &ears {
                    Some(ears) => ears.next().await,
                    None => std::future::pending().await,
                }
            };
            let rest = if looks { ASK } else { Duration::MAX };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = self.scanning().wanted.notified() => {}
                () = rests(rest) => {}
                sighting = heard => match sighting {
                    Some(sighting) => self.note_sighting(sighting),
                    // The listener died; another is made at the next look.
                    None => {
                        ears = None;
                        tokio::select! {
                            () = cancel.cancelled() => return,
                            () = rests(ASK) => {}
                        }
                    }
                },
            }
        }
    }

    fn note_sighting(&self, sighting: Sighting) {
        let mut state = self.scanning().state();
        match sighting {
            Sighting::Found(found) => {
                let id = found.address.to_string();
                if state.seen.len() >= SHOWN && !state.seen.contains_key(&id) {
                    return;
                }
                let seen = state.seen.entry(id).or_insert_with(|| Seen {
                    address: found.address.clone(),
                    name: found.name.clone(),
                    service: None,
                    can: None,
                    fault: None,
                    asked: None,
                });
                seen.address = found.address;
                seen.service = Some(found.service);
            }
            Sighting::Gone { service } => {
                let gone: Vec<String> = state
                    .seen
                    .iter()
                    .filter(|(_, seen)| seen.service.as_ref() == Some(&service))
                    .map(|(id, _)| id.clone())
                    .collect();
                for id in gone {
                    if !state.is_by_hand(&id) {
                        state.seen.remove(&id);
                    }
                }
            }
        }
        drop(state);
        self.scanning().wanted.notify_one();
        self.events_bus().changed(&[ChangeTag::Intake]);
    }

    /// Asks every scanner that was not asked lately, side by side.
    fn ask_stale(self: &Arc<Self>, cancel: &CancellationToken) {
        let stale = self.scanning().state().stale(Instant::now());
        for (id, address) in stale {
            let (desk, cancel) = (self.clone(), cancel.clone());
            self.scanning().run(|run| {
                run.tasks.spawn(async move {
                    tokio::select! {
                        () = cancel.cancelled() => {}
                        () = desk.ask_scanner(id, address) => {}
                    }
                })
            });
        }
    }

    async fn ask_scanner(&self, id: String, address: ScannerAddress) {
        let pin = self.scanning().state().pin(&id);
        let Ok(scanner) = Scanner::new(address, pin, ScanPatience::default()) else {
            return;
        };
        let asked = ask(&scanner).await;
        let changed = {
            let mut state = self.scanning().state();
            let Some(seen) = state.seen.get_mut(&id) else {
                return;
            };
            let (can, fault) = match asked {
                Ok((can, fault)) => (Some(can), fault),
                // What it could do is still what it can once it is back.
                Err(error) => (seen.can.clone(), Some(error)),
            };
            let changed = seen.can != can || seen.fault != fault;
            (seen.can, seen.fault) = (can, fault);
            changed
        };
        self.remember_pin(&id, &scanner).await;
        if changed {
            self.events_bus().changed(&[ChangeTag::Intake]);
        }
    }

    /// Keeps the certificate of a first contact.
    pub(super) async fn remember_pin(&self, id: &str, scanner: &Scanner) {
        let Some(pin) = scanner.pin().map(|pin| pin.to_string()) else {
            return;
        };
        {
            let mut state = self.scanning().state();
            if state.pin(id).is_some() {
                return;
            }
            let name = state.seen.get(id).map(|seen| seen.name.clone());
            let is_full = state.kept.len() >= KEPT;
            match state.kept.iter_mut().find(|kept| kept.url == id) {
                Some(kept) => kept.pin = Some(pin),
                None if !is_full => state.kept.push(Kept {
                    url: id.to_owned(),
                    name: name.unwrap_or_default(),
                    pin: Some(pin),
                    by_hand: false,
                }),
                None => return,
            }
        }
        if let Ok(session) = self.session().await
            && let Err(error) = self.keep_scanners(&session).await
        {
            tracing::warn!(%error, "a scanner's certificate was not kept");
        }
    }
}

async fn rests(time: Duration) {
    if time == Duration::MAX {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(time).await;
}
