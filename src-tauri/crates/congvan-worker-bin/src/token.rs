//! The token worker's loop.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use congvan_token::{Login, Module, ReaderWaiter, Session};
use congvan_worker::{
    TokenError,
    wire::{FromToken, ToToken, TokenCall, TokenReply},
};

use crate::{
    pipes::Channel,
    training::{self, Trainer},
    vocabulary,
};

/// Between two slot events.
const BREATH: Duration = Duration::from_millis(100);

/// Answers calls until the desk closes the pipe. The module is loaded by the first call that
/// needs it, so that a module that crashes while loading crashes within a call.
pub(crate) fn serve(
    library: Option<PathBuf>,
    parameters: Option<String>,
    channel: Channel,
) -> anyhow::Result<()> {
    match library {
        Some(place) if training::is_place(&place) => answer_all(Trainer::new(place), &channel),
        library => answer_all(
            Desk {
                library,
                parameters,
                module: None,
                session: None,
                last_session: 0,
                channel: channel.clone(),
                waiting: Arc::default(),
            },
            &channel,
        ),
    }
}

/// The token role: a vendor's module, or the simulated token.
pub(crate) trait Answers {
    /// Does what is asked.
    fn answer(&mut self, call: TokenCall) -> Result<TokenReply, TokenError>;
}

fn answer_all(mut role: impl Answers, channel: &Channel) -> anyhow::Result<()> {
    while let Some(ToToken { id, call }) = channel.receive()? {
        let result = role.answer(call);
        channel.send(&FromToken { id, result })?;
    }
    // Dropping it closes its session, which logs out before the process ends.
    drop(role);
    Ok(())
}

struct Desk {
    library: Option<PathBuf>,
    /// What the module is told when it is initialised.
    parameters: Option<String>,
    /// Lives as long as the process: a module cannot be unloaded safely.
    module: Option<&'static Module>,
    session: Option<(u64, Session<'static>)>,
    last_session: u64,
    channel: Channel,
    /// A thread waits for the card service's events.
    waiting: Arc<AtomicBool>,
}

impl Answers for Desk {
    fn answer(&mut self, call: TokenCall) -> Result<TokenReply, TokenError> {
        match call {
            TokenCall::Discover(request) => {
                let service = congvan_token::card_service();
                let found = congvan_token::discover(&vocabulary::search(request, &service));
                Ok(TokenReply::Modules(
                    found.into_iter().map(vocabulary::module).collect(),
                ))
            }
            TokenCall::Readers => Ok(TokenReply::Readers(vocabulary::card_service(
                congvan_token::card_service(),
            ))),
            TokenCall::About => {
                let module = self.module()?;
                let about = module.about().map_err(vocabulary::token_error)?;
                let told = module.is_in_readers() && self.waiting.load(Ordering::Relaxed);
                Ok(TokenReply::About(vocabulary::about(about, told)))
            }
            TokenCall::Watch => {
                let is_in_readers = self.module()?.is_in_readers();
                Ok(TokenReply::Watching(
                    self.wait_for_readers() && is_in_readers,
                ))
            }
            // Only the simulated token can be told what to do.
            TokenCall::Train(_) => Err(TokenError::ModuleNonsense {
                what: "not the simulated token".to_owned(),
            }),
            TokenCall::Tokens => {
                let tokens = self.module()?.tokens().map_err(vocabulary::token_error)?;
                Ok(TokenReply::Tokens(
                    tokens.into_iter().map(vocabulary::token).collect(),
                ))
            }
            TokenCall::Presence => {
                let present = self.module()?.presence().map_err(vocabulary::token_error)?;
                Ok(TokenReply::Presence(
                    present.into_iter().map(vocabulary::present).collect(),
                ))
            }
            TokenCall::Open {
                serial,
                certificate,
                pin,
                final_try_consent,
            } => {
                self.session = None;
                let login = Login {
                    serial: &serial,
                    certificate: &certificate,
                    pin: pin.map(vocabulary::pin),
                    final_try_consent,
                };
                let session = self
                    .module()?
                    .open(login)
                    .map_err(vocabulary::token_error)?;
                self.last_session += 1;
                self.session = Some((self.last_session, session));
                Ok(TokenReply::Opened {
                    session: self.last_session,
                })
            }
            TokenCall::Sign {
                session,
                algorithm,
                data,
            } => {
                let open = self
                    .session
                    .as_mut()
                    .filter(|(number, _)| *number == session);
                let (_, open) = open.ok_or(TokenError::SessionLost)?;
                let signature = open.sign(algorithm, &data);
                signature
                    .map(TokenReply::Signature)
                    .map_err(vocabulary::token_error)
            }
            TokenCall::Close { session } => {
                self.session.take_if(|(number, _)| *number == session);
                Ok(TokenReply::Closed)
            }
            TokenCall::ChangePin {
                serial,
                old,
                new,
                final_try_consent,
            } => {
                self.session = None;
                let pins = old.map(vocabulary::pin).zip(new.map(vocabulary::pin));
                self.module()?
                    .change_pin(&serial, pins, final_try_consent)
                    .map_err(vocabulary::token_error)?;
                Ok(TokenReply::PinChanged)
            }
        }
    }
}

impl Desk {
    /// Starts the thread that waits for what the card service tells; once is enough. When the
    /// service has ended, one last event says so, and the thread ends.
    fn wait_for_readers(&self) -> bool {
        if self.waiting.load(Ordering::Relaxed) {
            return true;
        }
        let Ok(mut waiter) = ReaderWaiter::listen() else {
            return false;
        };
        let (channel, waiting) = (self.channel.clone(), self.waiting.clone());
        let started = std::thread::Builder::new()
            .name("readers".to_owned())
            .spawn(move || {
                loop {
                    let waited = waiter.wait();
                    let waits = waited.is_ok();
                    waiting.store(waits, Ordering::Relaxed);
                    // With the service, all cards are gone.
                    let gone = waited.unwrap_or(true);
                    let event = FromToken {
                        id: 0,
                        result: Ok(TokenReply::SlotEvent { waits, gone }),
                    };
                    if channel.send(&event).is_err() || !waits {
                        return;
                    }
                    // A service that tells of the same event for ever costs no more than polling.
                    std::thread::sleep(BREATH);
                }
            });
        self.waiting.store(started.is_ok(), Ordering::Relaxed);
        started.is_ok()
    }

    fn module(&mut self) -> Result<&'static Module, TokenError> {
        if let Some(module) = self.module {
            return Ok(module);
        }
        let library = self
            .library
            .as_ref()
            .ok_or_else(|| TokenError::ModuleNotFound {
                path: PathBuf::new(),
            })?;
        let parameters = self.parameters.as_deref();
        let module = Module::load(library, parameters).map_err(vocabulary::token_error)?;
        Ok(self.module.insert(Box::leak(Box::new(module))))
    }
}
