//! A person goes away and leaves the program running: what is on the desk is covered until their
//! password is typed, while its work (sync, completion, reading) goes on.

use std::{
    sync::{Mutex, PoisonError, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

use secrecy::{ExposeSecret as _, SecretString};

use super::{Desk, Status};
use crate::{ChangeTag, DeskError, Result};

/// Wrong passwords in a row before one must wait.
const FREE_TRIES: u32 = 5;
/// The first wait; it doubles with every further wrong password.
const FIRST_WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// Whether the desk is covered, and how often a wrong password was typed.
#[derive(Default)]
pub(super) struct Cover {
    is_on: AtomicBool,
    tries: Mutex<Tries>,
}

#[derive(Default)]
struct Tries {
    wrong: u32,
    wait_until: Option<Instant>,
}

impl Tries {
    fn check(&self, now: Instant) -> Result<()> {
        match self.wait_until {
            Some(until) if until > now => Err(DeskError::TooManyAttempts {
                seconds: u32::try_from((until - now).as_secs() + 1).unwrap_or(u32::MAX),
            }),
            _ => Ok(()),
        }
    }

    fn failed(&mut self, now: Instant) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(beyond) = self.wrong.checked_sub(FREE_TRIES) {
            let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(beyond));
            self.wait_until = Some(now + wait.min(LONGEST_WAIT));
        }
    }
}

impl Cover {
    pub(super) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Acquire)
    }

    /// Also when somebody else logs in: what was typed before concerns nobody any more.
    pub(super) fn take_off(&self) {
        *self.tries.lock().unwrap_or_else(PoisonError::into_inner) = Tries::default();
        self.is_on.store(false, Ordering::Release);
    }
}

impl Desk {
    /// Whether a password must be typed before anything of the desk is shown. Hosts ask before they
    /// answer a face.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.cover.is_on()
    }

    /// Covers the desk. Nothing is closed: what is under way goes on. A start of the program after
    /// this asks for the password too.
    ///
    /// # Errors
    /// `NotLoggedIn`; disk errors: then nothing changed.
    pub async fn lock(&self) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        self.session().await?;
        let home = self.home().await?;
        tokio::task::spawn_blocking(move || home.unlock_only(None)).await??;
        self.cover.is_on.store(true, Ordering::Release);
        // Whoever stands before the machine now is not the one who was asked.
        self.pins.close_all();
        self.events.changed(&[ChangeTag::Session]);
        self.status().await
    }

    /// Uncovers the desk for the person whose it is; needs no server.
    ///
    /// # Errors
    /// `BadCredentials`; `TooManyAttempts` after five wrong passwords; `NotLoggedIn` where nothing
    /// is kept that the password could be compared with: the person logs in again; keyring and disk
    /// errors. The desk stays covered.
    pub async fn unlock(&self, password: String) -> Result<Status> {
        let _one_at_a_time = self.login_order.lock().await;
        let session = self.session().await?;
        if !self.is_locked() {
            return self.status().await;
        }
        let tries = || {
            self.cover
                .tries
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        tries().check(Instant::now())?;
        let (home, vault) = (self.home().await?, self.vault().await?);
        let known = session.known.clone();
        let password = SecretString::from(password);
        let fits = tokio::task::spawn_blocking(move || {
            let fits = vault.password_fits(&known.vault_name(), password.expose_secret())?;
            if fits == Some(true) {
                home.unlock_only(Some(&known))?;
            }
            Ok::<_, congvan_store::StoreError>(fits)
        })
        .await??;
        match fits {
            Some(true) => {
                self.cover.take_off();
                self.events.changed(&[
                    ChangeTag::Session,
                    ChangeTag::Documents,
                    ChangeTag::Sync,
                    ChangeTag::Intake,
                ]);
                self.status().await
            }
            Some(false) => {
                tries().failed(Instant::now());
                tracing::warn!("a wrong password at the covered desk");
                Err(DeskError::BadCredentials)
            }
            None => Err(DeskError::NotLoggedIn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_passwords_are_free_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let start = Instant::now();
        let mut tries = Tries::default();
        for _ in 1..FREE_TRIES {
            tries.failed(start);
            assert!(tries.check(start).is_ok());
        }
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            tries.failed(start);
            let waits = tries.wait_until.map(|until| (until - start).as_secs());
            assert_eq!(waits, Some(seconds));
            assert!(matches!(
                tries.check(start),
                Err(DeskError::TooManyAttempts { seconds: told }) if u64::from(told) == seconds + 1
            ));
            assert!(tries.check(start + Duration::from_secs(seconds)).is_ok());
        }
    }
}
