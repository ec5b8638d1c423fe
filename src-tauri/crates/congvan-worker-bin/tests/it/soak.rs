//! Random faults of module, card and user over batches of twenty documents: at most one try is
//! spent per PIN typed, the last one never without consent, every document has zero or one
//! signature, and the desk lives.
//!
//! `CONGVAN_SOAK` is the number of sequences (40 in an ordinary run, 10,000 in a soak) and
//! `CONGVAN_SEED` the first seed; a failure names the seed that repeats it alone.

use std::{fs, time::Duration};

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use congvan_pkcs11_shim::{TRIES, file_name};
use congvan_worker::{
    Hash, Pin, SessionId, SignAlgorithm, TokenClient, TokenDeadlines, TokenError,
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use crate::support::{Key, PIN, TestToken, WRONG_PIN, public_key, shim};

const DOCUMENTS: usize = 20;
/// A user gives up after this many PINs.
const PATIENCE: usize = 6;

#[derive(Default)]
struct Totals {
    sequences: u64,
    pins_typed: usize,
    logins: usize,
    signatures: usize,
    workers_lost: usize,
    last_tries: usize,
    locked: usize,
    complete: usize,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        self.sequences += other.sequences;
        self.pins_typed += other.pins_typed;
        self.logins += other.logins;
        self.signatures += other.signatures;
        self.workers_lost += other.workers_lost;
        self.last_tries += other.last_tries;
        self.locked += other.locked;
        self.complete += other.complete;
    }
}

/// Batches that run side by side, each on tokens of its own: most of a sequence is waiting, for
/// deadlines and for processes to end.
const LANES: u64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_sequence_of_faults_spends_a_second_try_or_signs_twice() {
    let number = |name, default| {
        std::env::var(name).map_or(default, |text: String| text.parse::<u64>().unwrap())
    };
    let (sequences, first) = (number("CONGVAN_SOAK", 40), number("CONGVAN_SEED", 1));
    let started = std::time::Instant::now();
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES.min(sequences) {
        lanes.spawn(run_lane((first..first + sequences).skip(lane as usize)));
    }
    let mut totals = Totals::default();
    while let Some(lane) = lanes.join_next().await {
        totals.add(&lane.unwrap());
    }
    assert_eq!(totals.sequences, sequences);
    // A sequence that repeats a seed need not meet a fault; the whole must.
    assert!(
        sequences < 40 || totals.signatures > 0 && totals.workers_lost > 0,
        "the soak met no faults"
    );
    report(&totals, first, started.elapsed());
}

/// Every `LANES`th of these seeds.
async fn run_lane(seeds: impl Iterator<Item = u64> + Send) -> Totals {
    let tokens = [TestToken::new(Key::Rsa), TestToken::new(Key::RsaAlways)];
    let deadlines = TokenDeadlines {
        list: Duration::from_secs(4),
        login: Duration::from_secs(2),
        sign: Duration::from_secs(2),
        ..TokenDeadlines::default()
    };
    let clients = [
        tokens[0].client_with(deadlines),
        tokens[1].client_with(deadlines),
    ];
    let mut totals = Totals::default();
    for seed in seeds.step_by(LANES as usize) {
        let which = usize::from(seed % 4 == 0);
        let mut run = Run {
            token: &tokens[which],
            client: &clients[which],
            random: StdRng::seed_from_u64(seed),
            seed,
            signed: vec![None; DOCUMENTS],
            totals: &mut totals,
        };
        run.sequence().await;
        if totals.sequences % 100 == 0 {
            eprintln!("lane at seed {seed}: {} sequences", totals.sequences);
        }
    }
    totals
}

/// One line for people and programs. No violation in n sequences bounds their share by 3/n (95 %).
fn report(totals: &Totals, first: u64, took: Duration) {
    let figures = serde_json::json!({
        "first_seed": first,
        "sequences": totals.sequences,
        "documents_per_batch": DOCUMENTS,
        "pins_typed": totals.pins_typed,
        "logins": totals.logins,
        "last_tries_with_consent": totals.last_tries,
        "tokens_locked": totals.locked,
        "signatures": totals.signatures,
        "workers_lost": totals.workers_lost,
        "batches_complete": totals.complete,
        "violations": 0,
        "violation_rate_below": 3.0 / totals.sequences as f64,
        "seconds": took.as_secs(),
    });
    eprintln!(
        "{}",
        serde_json::json!({"name": "soak token", "figures": figures, "peers": {}})
    );
}

struct Run<'a> {
    token: &'a TestToken,
    client: &'a TokenClient,
    random: StdRng,
    seed: u64,
    signed: Vec<Option<Vec<u8>>>,
    totals: &'a mut Totals,
}

impl Run<'_> {
    async fn sequence(&mut self) {
        for name in [file_name::CALLS, file_name::TRIES, file_name::UNPLUGGED] {
            fs::remove_file(self.token.card(name)).ok();
        }
        self.token.faults("");
        let serial = self.token.only(self.client, &shim()).await.serial;
        fs::remove_file(self.token.card(file_name::CALLS)).ok();
        let rules = self.rules();
        self.token.faults(&rules);
        let mut may_lock = false;
        for _ in 0..PATIENCE {
            if self.signed.iter().all(Option::is_some) {
                break;
            }
            let right = self.random.random_bool(0.75);
            let consent = self.random.random_bool(0.3);
            may_lock |= consent;
            if let Some(session) = self.log_in(&serial, right, consent).await {
                self.batch(&session).await;
                // Closing what is already lost is no error; a crash here costs nothing.
                self.client.close_session(session).await.ok();
            }
            if self.random.random_bool(0.9) {
                fs::remove_file(self.token.card(file_name::UNPLUGGED)).ok();
            }
        }
        let tries = self.token.tries();
        assert!(
            may_lock || tries > 0,
            "{}: locked without consent\n{rules}",
            self.seed
        );
        self.still_alive(&rules).await;
        self.totals.sequences += 1;
        self.totals.locked += usize::from(tries == 0);
        self.totals.complete += usize::from(self.signed.iter().all(Option::is_some));
    }

    /// One PIN typed by the user.
    async fn log_in(&mut self, serial: &str, right: bool, consent: bool) -> Option<SessionId> {
        let (logins, tries) = (self.token.calls("C_Login"), self.token.tries());
        let pin = Pin::new(if right { PIN } else { WRONG_PIN }.to_owned());
        let hash = self.token.hash();
        let result = self
            .client
            .open_session(&shim(), serial, hash, Some(pin), consent)
            .await;
        let spent = self.token.calls("C_Login") - logins;
        self.totals.pins_typed += 1;
        self.totals.logins += spent;
        self.totals.last_tries += usize::from(tries == 1 && spent == 1);
        let seed = self.seed;
        assert!(spent <= 1, "{seed}: one PIN was tried {spent} times");
        assert!(
            tries > 1 || consent || spent == 0,
            "{seed}: the last try went without consent"
        );
        assert!(tries > 0 || spent == 0, "{seed}: a locked token was tried");
        if matches!(result, Err(TokenError::PinIncorrect { .. })) {
            let said_so = self.injected(0xa0);
            assert!(!right || said_so, "{seed}: a right PIN was called wrong");
        }
        match result {
            Ok(session) => {
                assert!(
                    right || self.token.tries() < TRIES,
                    "{seed}: a wrong PIN opened the token"
                );
                Some(session)
            }
            Err(error) => {
                self.count(&error);
                None
            }
        }
    }

    /// Signs what is unsigned until something stops the batch.
    async fn batch(&mut self, session: &SessionId) {
        let key = public_key(&self.token.certificate);
        for index in 0..DOCUMENTS {
            if self.signed[index].is_some() {
                continue;
            }
            let document = format!("document {index} of {}", self.seed);
            let algorithm = SignAlgorithm::RsaPkcs1(Hash::Sha256);
            let wrong_before = self.token.tries();
            match self
                .client
                .sign(session, algorithm, document.as_bytes())
                .await
            {
                Ok(signature) => {
                    let verified = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key)
                        .verify(document.as_bytes(), &signature);
                    assert!(
                        verified.is_ok(),
                        "{}: a wrong signature came out",
                        self.seed
                    );
                    let before = self.signed[index].replace(signature);
                    assert!(before.is_none(), "{}: signed twice", self.seed);
                    self.totals.signatures += 1;
                }
                Err(error) => {
                    assert!(
                        self.token.tries() + 1 >= wrong_before,
                        "{}: signing spent more than one try",
                        self.seed
                    );
                    self.count(&error);
                    return;
                }
            }
        }
    }

    /// Whatever happened, with the faults gone the next question is answered.
    async fn still_alive(&self, rules: &str) {
        self.token.faults("");
        fs::remove_file(self.token.card(file_name::UNPLUGGED)).ok();
        // The first call may meet a process that is just being found dead.
        let mut answer = self.client.tokens(&shim()).await;
        if answer.is_err() {
            answer = self.client.tokens(&shim()).await;
        }
        let tokens = answer.unwrap_or_else(|error| panic!("{}: {error}\n{rules}", self.seed));
        assert_eq!(tokens.len(), 1, "{}", self.seed);
    }

    fn count(&mut self, error: &TokenError) {
        let lost = matches!(
            error,
            TokenError::WorkerLost { .. } | TokenError::TimedOut { .. }
        );
        self.totals.workers_lost += usize::from(lost);
    }

    fn injected(&self, value: u64) -> bool {
        let rules = fs::read_to_string(self.token.card(file_name::FAULTS)).unwrap();
        rules.contains(&format!("{value:#x}"))
    }

    fn rules(&mut self) -> String {
        let calls = [
            ("C_Login", 4),
            ("C_Login(context)", 20),
            ("C_Sign", 30),
            ("C_SignInit", 30),
            ("C_GetTokenInfo", 12),
            ("C_OpenSession", 6),
            ("C_FindObjects", 20),
            ("C_GetSlotList", 8),
            ("C_Logout", 3),
        ];
        let values = [
            0x05,
            0x06,
            0x30,
            0x32,
            0x50,
            0xa0,
            0xa4,
            0xb3,
            0xe0,
            0x101,
            0x8000_0001_u64,
        ];
        let mut rules = String::new();
        for _ in 0..self.random.random_range(0..6) {
            let (call, range) = *calls.choose(&mut self.random).unwrap();
            let number = self.random.random_range(1..=range);
            let value = values.choose(&mut self.random).unwrap();
            let fault = match self.random.random_range(0..100) {
                0..20 => "crash".to_owned(),
                20..35 => "crash-after".to_owned(),
                35..55 => format!("ckr {value:#x}"),
                55..70 => format!("ckr-after {value:#x}"),
                70..85 => "unplug".to_owned(),
                85..91 => "short".to_owned(),
                91..97 => "garbage".to_owned(),
                97 => "hang".to_owned(),
                98 => "hang-after".to_owned(),
                _ => "slow 40".to_owned(),
            };
            rules.push_str(&format!("{call} {number} {fault}\n"));
        }
        rules
    }
}
