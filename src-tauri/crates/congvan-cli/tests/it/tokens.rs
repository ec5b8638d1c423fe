//! Real PKCS#11 modules: SoftHSM, and opencryptoki's software token, which knows only the raw RSA
//! mechanism and gives its clock in a form of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use congvan_testkit::{forms::tool, softhsm_module};
use tempfile::TempDir;

use crate::{
    authority::Authority,
    program::{cli, executable, with_environment},
};

pub(crate) const PIN: &str = "246810";
const SO_PIN: &str = "98765432";

/// A module with tokens, each with one key of the authority's signers and labelled by its name.
pub(crate) trait Tokens {
    fn module(&self) -> PathBuf;
    /// The program, where it sees the tokens.
    fn cli(&self) -> Command;

    /// What the module must be told to start.
    fn parameters(&self) -> Option<String> {
        None
    }

    /// `sign` with everything that names the token.
    fn sign(&self, label: &str, authority: &Authority) -> Command {
        let mut command = self.cli();
        command
            .env("PIN_KIEM_THU", PIN)
            .args(["--json", "sign", "--module"])
            .arg(self.module())
            .args(["--token", label, "--pin-env", "PIN_KIEM_THU"])
            .args(authority.trust());
        if let Some(parameters) = self.parameters() {
            command.args(["--module-parameters", &parameters]);
        }
        command
    }
}

/// SoftHSM in a folder of its own.
pub(crate) struct SoftHsm {
    folder: TempDir,
}

impl SoftHsm {
    pub(crate) fn new(authority: &Authority, signers: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens");
        fs::create_dir(&tokens).unwrap();
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        fs::write(folder.path().join("softhsm2.conf"), text).unwrap();
        let made = Self { folder };
        for signer in signers {
            let mut make = Command::new(tool("softhsm2-util"));
            make.args(["--init-token", "--free", "--label", signer])
                .args(["--so-pin", SO_PIN, "--pin", PIN])
                .env("SOFTHSM2_CONF", made.conf());
            finish(&mut make);
            for mut import in imports(&made.module(), signer, authority) {
                finish(import.env("SOFTHSM2_CONF", made.conf()));
            }
        }
        made
    }

    pub(crate) fn conf(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }
}

impl Tokens for SoftHsm {
    fn module(&self) -> PathBuf {
        softhsm_module().unwrap()
    }

    fn cli(&self) -> Command {
        let mut command = cli();
        command.env("SOFTHSM2_CONF", self.conf());
        command
    }
}

/// Commands that put a signer's key and certificate on the token of its name.
fn imports(module: &Path, signer: &str, authority: &Authority) -> Vec<Command> {
    let common = ["--id", "a1", "--label", "ky", "--login", "--pin", PIN];
    let tool = tool("pkcs11-tool");
    let import = |object: PathBuf, kind: &[&str]| {
        let mut command = Command::new(&tool);
        command.arg("--module").arg(module);
        command.args(["--token-label", signer, "--write-object"]);
        command.arg(object).arg("--type").args(kind).args(common);
        command
    };
    vec![
        import(
            authority.file(&format!("{signer}.key")),
            &["privkey", "--usage-sign"],
        ),
        import(authority.file(&format!("{signer}.der")), &["cert"]),
    ]
}

fn finish(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// NSS softokn: one database with the keys of several signers, which are told apart by their
/// certificates.
pub(crate) struct Nss {
    folder: TempDir,
}

impl Nss {
    /// What softokn calls its database; nobody can name it.
    pub(crate) const LABEL: &str = "NSS Certificate DB";

    pub(crate) fn new(authority: &Authority, signers: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pin"), PIN).unwrap();
        let in_folder = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(tool(program));
            command.args(arguments).current_dir(folder.path());
            command
        };
        finish(&mut in_folder(
            "certutil",
            &["-N", "-d", "sql:.", "-f", "pin"],
        ));
        for signer in signers {
            let mut pack = in_folder("openssl", &["pkcs12", "-export", "-passout", "pass:"]);
            pack.args(["-name", signer, "-out", "ky.p12", "-inkey"]);
            pack.arg(authority.file(&format!("{signer}.key.pem")));
            pack.arg("-in")
                .arg(authority.file(&format!("{signer}.pem")));
            finish(&mut pack);
            let unpack = ["-i", "ky.p12", "-d", "sql:.", "-k", "pin", "-W", ""];
            finish(&mut in_folder("pk12util", &unpack));
        }
        Self { folder }
    }
}

impl Tokens for Nss {
    fn module(&self) -> PathBuf {
        let places = [
            "/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
            "/usr/lib/x86_64-linux-gnu/nss/libsoftokn3.so",
            "/usr/lib/aarch64-linux-gnu/libsoftokn3.so",
            "/usr/lib64/libsoftokn3.so",
        ];
        let found = places.iter().map(PathBuf::from).find(|path| path.is_file());
        found.expect("NSS is missing: run `cargo xtask setup`")
    }

    fn cli(&self) -> Command {
        cli()
    }

    fn parameters(&self) -> Option<String> {
        Some(format!(
            "configdir='sql:{}' certPrefix='' keyPrefix='' secmod='secmod.db'",
            self.folder.path().display()
        ))
    }
}

/// opencryptoki in namespaces of its own: its daemon and its files are the system's otherwise.
pub(crate) struct OpenCryptoki {
    child: Child,
    has_own_users: bool,
}

/// Root only inside, so that anybody may run the tests.
const OWN_USERS: [&str; 2] = ["--user", "--map-root-user"];

/// What to do where the system gives an ordinary user no namespaces, and root none either.
const NO_NAMESPACES: &str = "opencryptoki did not start: its daemon needs namespaces of its own. \
    As an ordinary user: `sysctl kernel.unprivileged_userns_clone=1` (Debian) or `sysctl \
    kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu). In a container: start it with \
    `--cap-add SYS_ADMIN`. On the machine itself, root can always run this test.";

impl OpenCryptoki {
    pub(crate) fn new(authority: &Authority, signer: &str) -> Self {
        for needed in ["pkcsslotd", "pkcsconf", "unshare", "nsenter", "pkcs11-tool"] {
            assert!(tool(needed).is_file());
        }
        // Where users are given no namespace of their own, root still has the others.
        let made = [true, false]
            .into_iter()
            .find_map(|has_own_users| Self::start(has_own_users, signer))
            .expect(NO_NAMESPACES);
        for import in imports(&made.module(), signer, authority) {
            finish(&mut made.inside(&import));
        }
        made
    }

    fn start(has_own_users: bool, signer: &str) -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/opencryptoki.sh");
        let users: &[&str] = if has_own_users { &OWN_USERS } else { &[] };
        let mut child = Command::new("unshare")
            .args(users)
            .args(["--mount", "--ipc", "--pid", "--fork", "--kill-child", "sh"])
            .arg(script)
            .args([signer, SO_PIN, PIN])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        while !line.starts_with("ready") {
            line.clear();
            if said.read_line(&mut line).unwrap() == 0 {
                child.wait().unwrap();
                return None;
            }
        }
        Some(Self {
            child,
            has_own_users,
        })
    }

    /// The same command in its namespaces.
    fn inside(&self, command: &Command) -> Command {
        // The script is the first process below unshare, which itself stays outside of /proc's.
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let script = fs::read_to_string(children).unwrap();
        let mut inside = Command::new("nsenter");
        if self.has_own_users {
            inside.args(["--user", "--preserve-credentials"]);
        }
        inside
            .args(["--target", script.trim(), "--mount", "--ipc", "--pid", "--"])
            .arg(command.get_program())
            .args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        }
        inside
    }
}

impl Tokens for OpenCryptoki {
    fn module(&self) -> PathBuf {
        let places = [
            "/usr/lib/x86_64-linux-gnu/pkcs11/libopencryptoki.so",
            "/usr/lib/aarch64-linux-gnu/pkcs11/libopencryptoki.so",
            "/usr/lib64/pkcs11/libopencryptoki.so",
        ];
        let found = places.iter().map(PathBuf::from).find(|path| path.is_file());
        found.expect("libopencryptoki.so is missing: run `cargo xtask setup`")
    }

    fn cli(&self) -> Command {
        let program = with_environment(Command::new(executable()));
        self.inside(&program)
    }
}

impl Drop for OpenCryptoki {
    fn drop(&mut self) {
        // The script ends with its input, and all below it with the script.
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}
