//! Everything about readers, modules and tokens, for the person who must find out why signing does
//! not work, and a redacted text of it for the one who is asked for help.
//!
//! Invariant: no PIN is tried, and no session is opened on a token that another program uses.

use congvan_model::Timestamp;
use congvan_worker::{
    CardService, Guard, LibraryInfo, ModuleFit, ModuleInfo, PinState, ReaderInfo,
};

use crate::{
    CertificateFault, CertificateState, Desk, Result, TokenFinding, TokenView,
    token_state::{of_module, of_reader},
    tokens::module_id,
};

/// A reader with what is to be found out about it.
#[derive(Clone, Debug)]
pub struct DiagnosedReader {
    /// Name, content, kind of card.
    pub reader: ReaderInfo,
    /// What is wrong with it.
    pub finding: Option<TokenFinding>,
}

/// A module with everything that can be learnt of it.
#[derive(Clone, Debug)]
pub struct DiagnosedModule {
    /// Its id.
    pub id: String,
    /// As it was found.
    pub info: ModuleInfo,
    /// What it says of itself; none when it cannot be loaded.
    pub library: Option<LibraryInfo>,
    /// Its process, and whether that ends with the desk by the system's word.
    pub worker: Option<(u32, bool)>,
    /// Why it cannot be used.
    pub problem: Option<TokenFinding>,
    /// The tokens it sees, with findings.
    pub tokens: Vec<(TokenView, Vec<TokenFinding>)>,
}

/// The whole.
#[derive(Clone, Debug)]
pub struct TokenDiagnosis {
    /// When.
    pub at: Timestamp,
    /// The card service; none when the worker could not ask.
    pub service: CardService,
    /// Readers.
    pub readers: Vec<DiagnosedReader>,
    /// Modules, those with tokens first.
    pub modules: Vec<DiagnosedModule>,
    /// Only the administrator's modules may be loaded.
    pub restricted: bool,
    /// Findings about the whole, the most helpful first.
    pub findings: Vec<TokenFinding>,
}

impl Desk {
    /// Looks at everything anew; takes as long as the slowest module.
    ///
    /// # Errors
    /// When the token worker cannot be started at all.
    pub async fn token_diagnosis(&self) -> Result<TokenDiagnosis> {
        let place = self.token_desk().training().map(|training| training.place);
        let service = self.token().card_service_at(place.as_deref()).await?;
        let found = self.found_modules().await?;
        let readers = match &service {
            CardService::Running(readers) => diagnose_readers(readers, &found),
            CardService::NotInstalled
            | CardService::NotRunning
            | CardService::Failed(_)
            | CardService::Unknown => Vec::new(),
        };
        let mut modules = Vec::new();
        for info in found {
            modules.push(self.diagnose_module(info).await?);
        }
        modules.sort_by_key(|module| module.tokens.is_empty());
        let mut findings: Vec<TokenFinding> = Vec::new();
        let has_token = modules.iter().any(|module| !module.tokens.is_empty());
        if has_token {
            let of_tokens = modules.iter().flat_map(|module| &module.tokens);
            findings.extend(of_tokens.flat_map(|(_, findings)| findings.clone()));
        } else {
            findings.extend(self.token_state().problem);
        }
        let of_readers = readers.iter().filter_map(|reader| reader.finding.clone());
        for finding in of_readers {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        Ok(TokenDiagnosis {
            at: self.now(),
            service,
            readers,
            modules,
            restricted: self.discovery().only_listed,
            findings,
        })
    }

    async fn diagnose_module(&self, info: ModuleInfo) -> Result<DiagnosedModule> {
        let mut module = DiagnosedModule {
            id: module_id(&info),
            library: None,
            worker: None,
            problem: of_module(&info),
            tokens: Vec::new(),
            info,
        };
        if module.problem.is_some() || module.info.fit != ModuleFit::Fits {
            return Ok(module);
        }
        let path = module.info.path.clone();
        let failed = |error| Some(TokenFinding::Module(module.info.name.clone(), error));
        match self.token().about(&path).await {
            Ok(library) => module.library = Some(library),
            Err(error) => module.problem = failed(error),
        }
        if module.problem.is_none() {
            match self.token().tokens(&path).await {
                Ok(tokens) => {
                    let views = self.token_views(tokens).await?;
                    module.tokens = views.into_iter().map(with_findings).collect();
                }
                Err(error) => {
                    module.problem = Some(TokenFinding::Module(module.info.name.clone(), error));
                }
            }
        }
        let status = self.token().status(&path).await;
        module.worker = status.map(|(pid, sandbox)| {
            let dies = matches!(sandbox.dies_with_parent, Guard::Applied);
            (pid, dies)
        });
        Ok(module)
    }
}

fn diagnose_readers(readers: &[ReaderInfo], modules: &[ModuleInfo]) -> Vec<DiagnosedReader> {
    let modules: Vec<&ModuleInfo> = modules.iter().collect();
    readers
        .iter()
        .map(|reader| DiagnosedReader {
            finding: of_reader(reader, &modules),
            reader: reader.clone(),
        })
        .collect()
}

/// What a person should know about a token, the gravest first.
fn with_findings(token: TokenView) -> (TokenView, Vec<TokenFinding>) {
    let label = || token.label.clone();
    let mut findings = Vec::new();
    findings.extend(match token.pin_state {
        PinState::Ok => None,
        PinState::CountLow => Some(TokenFinding::PinCountLow(label())),
        PinState::FinalTry => Some(TokenFinding::PinFinalTry(label())),
        PinState::Locked => Some(TokenFinding::PinLocked(label())),
        PinState::NotInitialised => Some(TokenFinding::PinNotSet(label())),
    });
    if token.certificates.is_empty() {
        findings.push(TokenFinding::NoCertificate(label()));
    }
    let faults = token
        .certificates
        .iter()
        .filter_map(|held| match held.state {
            CertificateState::Fit => None,
            CertificateState::Expired => Some(CertificateFault::Expired(held.summary.not_after)),
            CertificateState::NotYetValid => {
                Some(CertificateFault::NotYetValid(held.summary.not_before))
            }
            CertificateState::WrongUsage => Some(CertificateFault::Usage),
            CertificateState::Untrusted => Some(CertificateFault::Untrusted),
            CertificateState::Revoked { at } => Some(CertificateFault::Revoked(at)),
        });
    // A token also carries certificates for other purposes; they matter only when none is fit.
    let any_fit = token
        .certificates
        .iter()
        .any(|held| held.state == CertificateState::Fit);
    if !any_fit {
        findings.extend(faults.map(TokenFinding::Certificate));
    }
    (token, findings)
}
