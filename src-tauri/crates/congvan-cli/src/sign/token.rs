use std::{env, path::PathBuf, time::Instant};

use congvan_model::{Sha256, Timestamp};
use congvan_pades::{CertificateSummary, Fitness, ToBeSigned, TrustAnchors, assess};
use congvan_worker::{Pin, PinState, SessionId, TokenClient, TokenDeadlines, TokenInfo};
use tokio::runtime::{Builder, Runtime};

use crate::{
    arguments::SignOptions,
    fault::{Fault, Result, unfit},
    places,
    verdict::hex,
    words::Code,
};

/// The token of this run, its certificate, and its session once one is open.
pub(super) struct Token {
    client: TokenClient,
    runtime: Runtime,
    module: PathBuf,
    info: TokenInfo,
    signer: CertificateSummary,
    pin_env: Option<String>,
    final_try: bool,
    session: Option<SessionId>,
    /// How long the login took, milliseconds.
    pub(super) login_ms: f64,
}

impl Token {
    /// Finds token and certificate and judges them. Nothing is asked of the PIN yet: that waits
    /// until a document is ready to be signed.
    pub(super) fn find(
        options: &SignOptions,
        anchors: &TrustAnchors,
        now: Timestamp,
    ) -> Result<Self> {
        // The module's process inherits our environment, but not the PIN that stands in it.
        let hidden = options.pin_env.iter().map(|name| (name.into(), "".into()));
        let client = TokenClient::with(
            places::workers()?,
            TokenDeadlines::default(),
            hidden.collect(),
        );
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Fault::new(Code::Internal).with("detail", error))?;
        // A worker is told an absolute path; the person may have typed another.
        let module = std::path::absolute(&options.module).unwrap_or(options.module.clone());
        if let Some(parameters) = &options.module_parameters {
            client.set_parameters(&module, parameters);
        }
        let tokens = runtime.block_on(client.tokens(&module))?;
        let info = choose_token(tokens, &options.token)?;
        let signer = choose_certificate(&info, options.cert.map(Sha256), anchors, now)?;
        match info.pin_state {
            PinState::Locked => return Err(Fault::new(Code::PinLocked)),
            PinState::NotInitialised => return Err(Fault::new(Code::PinNotSet)),
            PinState::FinalTry if !options.final_try => {
                return Err(Fault::new(Code::PinFinalTry));
            }
            PinState::FinalTry | PinState::CountLow | PinState::Ok => {}
        }
        let token = Self {
            client,
            runtime,
            module,
            info,
            signer,
            pin_env: options.pin_env.clone(),
            final_try: options.final_try,
            session: None,
            login_ms: 0.0,
        };
        // Said before anything is worked on; the PIN itself is read at the login.
        if !token.info.protected_path {
            token.pin_variable()?;
        }
        Ok(token)
    }

    pub(super) fn signer(&self) -> &CertificateSummary {
        &self.signer
    }

    /// The variable that holds the PIN; its value is not looked at.
    fn pin_variable(&self) -> Result<&str> {
        let name = self.pin_env.as_deref();
        let missing = Fault::new(Code::PinNotGiven).with("variable", name.unwrap_or("--pin-env"));
        name.filter(|name| env::var_os(name).is_some_and(|pin| !pin.is_empty()))
            .ok_or(missing)
    }

    /// Signs one document; the first logs in.
    pub(super) fn sign(&mut self, wanted: &ToBeSigned) -> Result<Vec<u8>> {
        let session = match self.session.clone() {
            Some(session) => session,
            None => self.log_in()?,
        };
        let signature = self.runtime.block_on(self.client.sign(
            &session,
            wanted.algorithm.on_token(),
            &wanted.signed_attributes_der,
        ));
        signature.map_err(|error| self.name_it(error.into()))
    }

    /// The one login of the run.
    fn log_in(&mut self) -> Result<SessionId> {
        let pin = if self.info.protected_path {
            None
        } else {
            let name = self.pin_variable()?;
            let pin =
                env::var(name).map_err(|_| Fault::new(Code::PinNotGiven).with("variable", name))?;
            Some(Pin::new(pin))
        };
        let started = Instant::now();
        let session = self
            .runtime
            .block_on(self.client.open_session(
                &self.module,
                &self.info.serial,
                self.signer.sha256,
                pin,
                self.final_try,
            ))
            .map_err(|error| self.name_it(error.into()))?;
        self.login_ms = started.elapsed().as_secs_f64() * 1000.0;
        self.session = Some(session.clone());
        Ok(session)
    }

    fn name_it(&self, fault: Fault) -> Fault {
        if fault.code == Code::TokenAbsent {
            return Fault::new(Code::TokenAbsent).with("token", &self.info.label);
        }
        fault
    }

    /// Logs out, so that other programs get the token.
    pub(super) fn close(&mut self) {
        if let Some(session) = self.session.take() {
            // The worker ends with this program, and the session with it, in any case.
            self.runtime
                .block_on(self.client.close_session(session))
                .ok();
        }
    }
}

/// By serial number, or by a label that only one has.
fn choose_token(tokens: Vec<TokenInfo>, wanted: &str) -> Result<TokenInfo> {
    let (by_serial, others): (Vec<_>, Vec<_>) =
        tokens.into_iter().partition(|token| token.serial == wanted);
    let found: Vec<TokenInfo> = if by_serial.is_empty() {
        let labelled = others.into_iter().filter(|token| token.label == wanted);
        labelled.collect()
    } else {
        by_serial
    };
    let serials: Vec<&str> = found.iter().map(|token| token.serial.as_str()).collect();
    let serials = serials.join(", ");
    let several = found.len() > 1;
    match found.into_iter().next() {
        Some(_) if several => Err(Fault::new(Code::TokenChoice)
            .with("token", wanted)
            .with("serials", serials)),
        Some(token) => Ok(token),
        None => Err(Fault::new(Code::TokenAbsent).with("token", wanted)),
    }
}

/// The one that was named, else the only one that can sign.
fn choose_certificate(
    token: &TokenInfo,
    wanted: Option<Sha256>,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<CertificateSummary> {
    let judged: Vec<(CertificateSummary, Fitness)> = token
        .certificates
        .iter()
        .filter_map(|held| assess(&held.der, anchors, now))
        .filter(|(summary, _)| wanted.is_none_or(|wanted| summary.sha256 == wanted))
        .collect();
    let mut fit = judged
        .iter()
        .filter(|(_, fitness)| *fitness == Fitness::Fit)
        .map(|(summary, _)| summary);
    match (fit.next(), fit.next()) {
        (Some(only), None) => Ok(only.clone()),
        (Some(_), Some(_)) => {
            let choices: Vec<String> = judged
                .iter()
                .filter(|(_, fitness)| *fitness == Fitness::Fit)
                .map(|(summary, _)| format!("{} ({})", hex(&summary.sha256.0), summary.name))
                .collect();
            Err(Fault::new(Code::CertificateChoice).with("choices", choices.join(", ")))
        }
        // None can sign: say why the first cannot.
        (None, _) => Err(judged
            .first()
            .and_then(|(one, fitness)| unfit(*fitness, one.not_before, one.not_after))
            .unwrap_or(Fault::new(Code::CertificateMissing))),
    }
}
