//! The simulated token of training mode, through the same client and process as a real one.

use std::path::PathBuf;

use aws_lc_rs::digest;
use congvan_model::Sha256;
use congvan_worker::{
    CardService, Discovery, Hash, Loss, ModuleFit, Pin, PinState, ReaderContent, Scenario,
    SessionId, SignAlgorithm, TRAINING_FILE, TRAINING_PIN, TokenClient, TokenError, TokenInfo,
};
use tempfile::TempDir;
use x509_cert::der::Decode;

use crate::support::{WRONG_PIN, paths};

const RSA: SignAlgorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);

struct Lesson {
    client: TokenClient,
    place: PathBuf,
    _folder: TempDir,
}

impl Lesson {
    async fn begin(scenario: Scenario) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("training").join(TRAINING_FILE);
        let client = TokenClient::new(paths());
        client.train(&place, scenario).await.unwrap();
        Self {
            client,
            place,
            _folder: folder,
        }
    }

    async fn token(&self) -> TokenInfo {
        self.client.tokens(&self.place).await.unwrap().remove(0)
    }

    async fn open(&self, pin: Option<&str>, consent: bool) -> Result<SessionId, TokenError> {
        let token = self.token().await;
        let hash = digest::digest(&digest::SHA256, &token.certificates[0].der);
        let hash = Sha256(hash.as_ref().try_into().unwrap());
        let pin = pin.map(|pin| Pin::new(pin.to_owned()));
        self.client
            .open_session(&self.place, &token.serial, hash, pin, consent)
            .await
    }

    /// Logs in with the well-known PIN and answers what the second signature comes to.
    async fn second_signature(&self) -> Result<Vec<u8>, TokenError> {
        let session = self.open(Some(TRAINING_PIN), false).await.unwrap();
        self.client.sign(&session, RSA, b"one").await.unwrap();
        self.client.sign(&session, RSA, b"two").await
    }
}

#[tokio::test]
async fn when_all_goes_well_the_simulated_token_signs_and_its_certificate_says_that_it_is_worthless()
 {
    let lesson = Lesson::begin(Scenario::Normal).await;
    assert!(lesson.second_signature().await.is_ok());
    let token = lesson.token().await;
    let held = x509_cert::Certificate::from_der(&token.certificates[0].der).unwrap();
    let subject = held.tbs_certificate.subject.to_string();
    assert!(subject.contains("KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"), "{subject}");
    let modules = lesson
        .client
        .discover(Some(&lesson.place), Discovery::default())
        .await
        .unwrap();
    assert!(modules[0].simulator && modules.len() == 1);
}

#[tokio::test]
async fn the_counter_of_the_simulated_token_is_a_real_one_and_survives_its_process() {
    let lesson = Lesson::begin(Scenario::Normal).await;
    for (expected, consent) in [
        (PinState::CountLow, false),
        (PinState::FinalTry, false),
        (PinState::Locked, true),
    ] {
        let wrong = lesson.open(Some(WRONG_PIN), consent).await;
        assert_eq!(
            wrong,
            Err(TokenError::PinIncorrect {
                pin_state: expected
            })
        );
    }
    let (pid, _) = lesson.client.status(&lesson.place).await.unwrap();
    crate::support::signal(pid, "-KILL");
    lesson.client.tokens(&lesson.place).await.ok();
    let locked = lesson.open(Some(TRAINING_PIN), true).await;
    assert_eq!(locked, Err(TokenError::PinLocked));
    // A new lesson begins with a fresh token.
    let place = &lesson.place;
    lesson.client.train(place, Scenario::Normal).await.unwrap();
    lesson.open(Some(TRAINING_PIN), false).await.unwrap();
}

#[tokio::test]
async fn every_fault_of_a_login_can_be_practised() {
    let cases = [
        (Scenario::WrongPin, PinState::CountLow),
        (Scenario::LastTry, PinState::Locked),
    ];
    for (scenario, pin_state) in cases {
        let lesson = Lesson::begin(scenario).await;
        let pin = match scenario {
            Scenario::WrongPin => TRAINING_PIN,
            _ => WRONG_PIN,
        };
        if scenario == Scenario::LastTry {
            let refused = lesson.open(Some(pin), false).await;
            assert_eq!(refused, Err(TokenError::FinalTryNeedsConsent));
        }
        let wrong = lesson.open(Some(pin), true).await;
        assert_eq!(wrong, Err(TokenError::PinIncorrect { pin_state }));
    }
    for (scenario, expected) in [
        (Scenario::Locked, TokenError::PinLocked),
        (Scenario::PinNotSet, TokenError::PinNotInitialised),
        (Scenario::CancelledOnReader, TokenError::CancelledOnReader),
        (Scenario::OtherToken, TokenError::TokenAbsent),
        (Scenario::NoKey, TokenError::KeyNotFound),
    ] {
        let lesson = Lesson::begin(scenario).await;
        let failed = lesson.open(Some(TRAINING_PIN), false).await;
        assert_eq!(failed, Err(expected), "{scenario:?}");
    }
    let lesson = Lesson::begin(Scenario::CrashAtLogin).await;
    let aborted = Loss::Ended {
        code: None,
        signal: Some(6),
    };
    let lost = lesson.open(Some(TRAINING_PIN), false).await;
    assert_eq!(lost, Err(TokenError::WorkerLost { loss: aborted }));
}

#[tokio::test]
async fn every_fault_of_a_signature_can_be_practised_in_the_middle_of_a_batch() {
    for (scenario, expected) in [
        (Scenario::UnpluggedSigning, TokenError::TokenRemoved),
        (Scenario::WrongSignature, TokenError::WrongSignature),
        (Scenario::ShortSignature, TokenError::WrongSignature),
    ] {
        let lesson = Lesson::begin(scenario).await;
        assert_eq!(
            lesson.second_signature().await,
            Err(expected),
            "{scenario:?}"
        );
    }
    for scenario in [Scenario::Crash, Scenario::Hang, Scenario::ModuleError] {
        let lesson = Lesson::begin(scenario).await;
        let failed = lesson.second_signature().await.unwrap_err();
        let as_told = match scenario {
            Scenario::Crash => matches!(failed, TokenError::WorkerLost { .. }),
            Scenario::Hang => matches!(failed, TokenError::TimedOut { .. }),
            _ => matches!(failed, TokenError::ModuleFailed { .. }),
        };
        assert!(as_told, "{scenario:?}: {failed:?}");
    }
}

#[tokio::test]
async fn every_fault_of_reader_and_middleware_can_be_practised() {
    for scenario in [
        Scenario::CardServiceStopped,
        Scenario::NoReader,
        Scenario::NoCard,
        Scenario::CardMute,
    ] {
        let lesson = Lesson::begin(scenario).await;
        let place = Some(lesson.place.as_path());
        let service = lesson.client.card_service_at(place).await.unwrap();
        let as_told = match (&service, scenario) {
            (CardService::NotRunning, Scenario::CardServiceStopped) => true,
            (CardService::Running(readers), Scenario::NoReader) => readers.is_empty(),
            (CardService::Running(readers), Scenario::NoCard) => {
                readers[0].content == ReaderContent::Empty
            }
            (CardService::Running(readers), Scenario::CardMute) => {
                readers[0].content == ReaderContent::Mute
            }
            _ => false,
        };
        assert!(as_told, "{scenario:?}: {service:?}");
        assert_eq!(lesson.client.tokens(&lesson.place).await, Ok(Vec::new()));
    }
    let search = async |scenario| {
        let lesson = Lesson::begin(scenario).await;
        let place = Some(lesson.place.as_path());
        let found = lesson.client.discover(place, Discovery::default()).await;
        (found.unwrap(), lesson.client.tokens(&lesson.place).await)
    };
    let (found, _) = search(Scenario::NoMiddleware).await;
    assert!(found.is_empty());
    let (found, tokens) = search(Scenario::WrongArchitecture).await;
    assert!(matches!(found[0].fit, ModuleFit::WrongArchitecture { .. }));
    assert!(matches!(
        tokens,
        Err(TokenError::ModuleWrongArchitecture { .. })
    ));
    let (_, tokens) = search(Scenario::ModuleUnloadable).await;
    assert!(matches!(tokens, Err(TokenError::ModuleUnloadable { .. })));
}

#[tokio::test]
async fn a_reader_with_a_keypad_and_a_change_of_pin_can_be_practised() {
    let lesson = Lesson::begin(Scenario::PinPad).await;
    assert!(lesson.token().await.protected_path);
    lesson.open(None, false).await.unwrap();
    let lesson = Lesson::begin(Scenario::Normal).await;
    let serial = lesson.token().await.serial;
    let pin = |text: &str| Pin::new(text.to_owned());
    let pins = Some((pin(TRAINING_PIN), pin("864202")));
    let place = &lesson.place;
    lesson
        .client
        .change_pin(place, &serial, pins, false)
        .await
        .unwrap();
    lesson.open(Some("864202"), false).await.unwrap();
}

#[tokio::test]
async fn a_real_module_cannot_be_told_to_misbehave() {
    let token = crate::support::TestToken::new(crate::support::Key::Ec);
    let refused = token
        .client()
        .train(&crate::support::softhsm(), Scenario::Crash)
        .await;
    assert!(matches!(refused, Err(TokenError::ModuleNonsense { .. })));
}
