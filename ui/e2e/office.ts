import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect, type Page } from "@playwright/test";

const CHECKOUT = resolve(import.meta.dirname, "../..");
const PROGRAMS = process.env.CONGVAN_PROGRAMS ?? join(CHECKOUT, "target/debug");

/** The leader of the seeded commune. */
export const LEADER = { username: "lanhdao", password: "LanhDao@2026" } as const;
/** The clerk of the seeded commune. */
export const CLERK = { username: "vanthu", password: "VanThu@2026" } as const;
/** The user PIN of the test token. */
export const PIN = "246810";

interface Ready {
  url: string;
  tsa?: string;
  admin?: string;
  client?: string;
}

/** Starts a program of ours and waits for its one line of JSON. */
async function start(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  input: "ignore" | "pipe" = "ignore",
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(join(PROGRAMS, program), args, {
    stdio: [input, "pipe", process.env.CONGVAN_LOG === undefined ? "ignore" : "inherit"],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ready = await new Promise<Ready>((settle, fail) => {
    child.once("error", fail);
    child.once("exit", (code) =>
      fail(new Error(`${program} ended with ${code} before it was ready`)),
    );
    lines.once("line", (line) => settle(JSON.parse(line) as Ready));
  });
  return { child, ready };
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((settle) => child.once("exit", settle));
  child.kill("SIGKILL");
  await ended;
}

/** How an office of a file of tests differs from the usual one. */
export interface Setup {
  /** Tells a file apart whose office no other file of tests may use: the same setup is shared. */
  own?: string;
  /** How many documents wait for the leader's signature. */
  drafts?: number;
  /** The token is behind a module that counts PIN tries as cards do, and misbehaves on demand. */
  shim?: boolean;
  /** Addresses of time stamp authorities. */
  tsa?: string[];
  /** The token's certificate is of a PKI with time stamps and revocation, which can be told to go
   * down, come up, and revoke it. */
  services?: boolean;
  /** What the province has on its first start; the full one has a directory of agencies. */
  seed?: "few" | "full";
  /** The province lets people sign what they have not read. */
  unread?: boolean;
  /** People of the other roles of the office: the clerk of a unit, the archivist, who manages units. */
  roles?: boolean;
  /** The national holidays in the agency's calendar. */
  holidays?: boolean;
  /** Documents go out: a directory of agencies, one beside ours with its people, and a token of our
   * agency with which its clerk signs for it. */
  issues?: boolean;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so";

/** Cargo puts libraries of dependencies into a folder of their own. */
function shim(): string {
  const places = [join(PROGRAMS, "deps"), PROGRAMS].map((folder) =>
    join(folder, "libcongvan_pkcs11_shim.so"),
  );
  return places.find((place) => existsSync(place)) ?? "";
}

/** A province's server, a leader's token and a desk on the real core, in a folder of their own. */
export class Office {
  private readonly root = mkdtempSync(join(tmpdir(), "congvan-browser-"));
  private province: ChildProcess | undefined;
  private desk: ChildProcess | undefined;
  private pki: ChildProcess | undefined;
  private authorities: string[];
  private server = "";
  admin = "";
  url = "";

  private constructor(private readonly setup: Setup) {
    this.authorities = setup.tsa ?? [];
  }

  static async open(setup: Setup = {}): Promise<Office> {
    const office = new Office(setup);
    if (setup.services === true) await office.startServices();
    else makeToken(office.root);
    if (setup.issues === true) makeAgencyToken(office.root);
    await office.connect();
    if (setup.shim === true) {
      mkdirSync(join(office.root, "card"));
      appendFileSync(
        join(office.root, "province/client.toml"),
        `\npkcs11_modules = ["${shim()}"]\npkcs11_only_listed = true\nevidence_proxy = "none"\n`,
      );
    }
    await office.startDesk();
    return office;
  }

  private async startServices(): Promise<void> {
    const { child, ready } = await start("examples/pki-services", [this.root], {}, "pipe");
    this.pki = child;
    this.authorities = [ready.tsa ?? ""];
  }

  /** Tells the services of the PKI. */
  services(what: "down" | "up" | "revoke"): void {
    this.pki?.stdin?.write(`${what}\n`);
  }

  /** Starts the desk on the data that an earlier one left. */
  async startDesk(): Promise<void> {
    const { child, ready } = await start(
      "congvan-web-host",
      [
        ...["--config", join(this.root, "province/client.toml")],
        ...["--data", join(this.root, "desk")],
        ...["--ui", join(CHECKOUT, "ui/dist")],
        // The same port again, so that a page that is open finds the desk.
        ...["--port", this.url.split(":").at(-1) || "0"],
      ],
      {
        SOFTHSM2_CONF: join(this.root, "softhsm2.conf"),
        CONGVAN_SHIM_MODULE: SOFTHSM,
        CONGVAN_SHIM_STATE: join(this.root, "card"),
      },
    );
    this.desk = child;
    this.url = ready.url;
  }

  /** The desk ends as in a power cut. */
  async killDesk(): Promise<void> {
    await end(this.desk);
    this.desk = undefined;
  }

  /** Sets how many PIN tries the card has left. */
  tries(left: number): void {
    writeFileSync(join(this.root, "card/tries"), String(left));
  }

  triesLeft(): number {
    const file = join(this.root, "card/tries");
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : 3;
  }

  /** The reader has a keypad, on which that is typed. */
  keypad(typed: string | null): void {
    const file = join(this.root, "card/protected");
    if (typed === null) rmSync(file, { force: true });
    else {
      writeFileSync(file, "");
      writeFileSync(join(this.root, "card/keypad"), typed);
    }
  }

  /** The token is pulled during the n-th signature from now on. */
  pullAtSignature(n: number): void {
    const file = join(this.root, "card/calls");
    const calls = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    const made = calls.filter((call) => call === "C_Sign").length;
    writeFileSync(join(this.root, "card/faults"), `C_Sign ${made + n} unplug\n`);
  }

  /** Every signature takes that long. */
  slow(milliseconds: number): void {
    writeFileSync(join(this.root, "card/faults"), `C_Sign * slow ${milliseconds}\n`);
  }

  /** The token is plugged in and works. */
  plug(): void {
    rmSync(join(this.root, "card/unplugged"), { force: true });
    rmSync(join(this.root, "card/faults"), { force: true });
  }

  /** The token is pulled. */
  pull(): void {
    writeFileSync(join(this.root, "card/unplugged"), "");
  }

  /** The network is there: starts the server, on the same port as before. */
  async connect(): Promise<void> {
    const { child, ready } = await start("congvan-province", [
      ...["--data", join(this.root, "province"), "--admin"],
      ...["--port", this.server.split(":").at(-1) || "0", "--seed", this.setup.seed ?? "few"],
      ...["--trust", join(this.root, "trust")],
      ...["--signer-cert", join(this.root, "signer.der")],
      ...(this.setup.drafts === undefined ? [] : ["--drafts", String(this.setup.drafts)]),
      ...this.authorities.flatMap((url) => ["--tsa", url]),
      ...(this.setup.unread === true ? ["--unread-allowed"] : []),
      ...(this.setup.roles === true ? ["--other-roles"] : []),
      ...(this.setup.holidays === true ? ["--holidays"] : []),
      ...(this.setup.issues === true
        ? [
            "--directory",
            "--neighbour",
            "--signer-cert",
            `vanthu=${join(this.root, "co-quan.der")}`,
          ]
        : []),
    ]);
    this.province = child;
    this.server = ready.url;
    this.admin = ready.admin ?? "";
  }

  /** The groups of processes that the desk has begun, of programs whose name begins so. */
  groups(program: string): number[] {
    const known = new Map<number, { name: string; parent: number; group: number }>();
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      // What ended meanwhile runs no more.
      const stat = readIfThere(`/proc/${entry}/stat`);
      const [, name, parent, group] = /\((.*)\) \S+ (\d+) (\d+)/.exec(stat) ?? [];
      if (name === undefined) continue;
      known.set(Number(entry), { name, parent: Number(parent), group: Number(group) });
    }
    const isOurs = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === this.desk?.pid || isOurs(known.get(pid)?.parent));
    const found = [...known].filter(([pid, { name }]) => name.startsWith(program) && isOurs(pid));
    return [...new Set(found.map(([, { group }]) => group))];
  }

  /** The network is cut in the middle of whatever the server did. */
  async cut(): Promise<void> {
    await end(this.province);
    this.province = undefined;
  }

  /** Asks the server what it has. */
  async stats(): Promise<Record<string, number>> {
    const answer = await fetch(`${this.admin}/admin/stats`);
    return (await answer.json()) as Record<string, number>;
  }

  async close(): Promise<void> {
    await end(this.desk);
    await end(this.province);
    await end(this.pki);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The label of the leader's token, and of the agency's. */
export const TOKEN = "Token trình duyệt";
export const AGENCY_TOKEN = "Token cơ quan";

/** A root, a certificate of the leader and a SoftHSM token that holds its key. */
function makeToken(root: string): void {
  const at = (name: string) => join(root, name);
  mkdirSync(at("tokens"));
  mkdirSync(at("trust"));
  writeFileSync(
    at("softhsm2.conf"),
    `directories.tokendir = ${at("tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  writeFileSync(
    at("leaf.ext"),
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n" +
      "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
  );
  const rootName = "/C=VN/O=CA KIEM THU - KHONG CO GIA TRI PHAP LY/CN=CA KIEM THU";
  openssl(
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", rootName],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
    ...["-keyout", at("root.key"), "-out", at("root.pem")],
  );
  openssl("x509", "-in", at("root.pem"), "-outform", "DER", "-out", at("trust/root.der"));
  addToken(root, "signer", { label: TOKEN, name: "Nguyễn Văn A" });
}

/** A token of the agency itself: its certificate bears no person's name. */
function makeAgencyToken(root: string): void {
  addToken(root, "co-quan", { label: AGENCY_TOKEN, name: "UBND xã Bình Minh Đông" });
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}

/** A key with a certificate of that name under the root, and a SoftHSM token that holds them. */
function addToken(root: string, file: string, { label, name }: { label: string; name: string }) {
  const at = (end: string) => join(root, end);
  const of = (kind: string) => at(`${file}.${kind}`);
  const subject = `/C=VN/O=UBND xã Bình Minh Đông/CN=${name}`;
  openssl(
    ...["req", "-utf8", "-newkey", "rsa:2048", "-nodes", "-subj", subject],
    ...["-keyout", of("key"), "-out", of("csr")],
  );
  openssl(
    ...["x509", "-req", "-in", of("csr"), "-CA", at("root.pem"), "-CAkey", at("root.key")],
    ...["-CAcreateserial", "-days", "365", "-extfile", at("leaf.ext"), "-out", of("pem")],
  );
  openssl("x509", "-in", of("pem"), "-outform", "DER", "-out", of("der"));
  openssl("pkcs8", "-topk8", "-nocrypt", "-in", of("key"), "-out", of("p8"));

  const env = { ...process.env, SOFTHSM2_CONF: at("softhsm2.conf") };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { stdio: "pipe", env });
  run(
    ...(["softhsm2-util", "--init-token", "--free", "--label", label] as const),
    ...["--so-pin", "12345678", "--pin", PIN],
  );
  run(
    ...(["softhsm2-util", "--import", of("p8"), "--token", label] as const),
    ...["--label", "ky", "--id", "01", "--pin", PIN],
  );
  run(
    ...(["pkcs11-tool", "--module", SOFTHSM, "--login", "--pin", PIN] as const),
    ...["--token-label", label, "--write-object", of("der"), "--type", "cert"],
    ...["--label", "ky", "--id", "01"],
  );
}

/** Files of tests with the same setup share an office, one after another. */
export const test = base.extend<object, { office: Office; setup: Setup }>({
  setup: [{}, { option: true, scope: "worker" }],
  office: [
    async ({ setup }, use) => {
      const office = await Office.open(setup);
      await use(office);
      await office.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

/** Opens the desk, logging in where nobody is; answers when the frame is there. */
export async function openFrame(
  page: Page,
  office: Office,
  who: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.goto(office.url);
  const form = page.getByTestId("login-form");
  const either = form.or(page.getByTestId("network-line"));
  await expect(either.first()).toBeVisible();
  if (await form.isVisible()) {
    await page.getByTestId("login-username").fill(who.username);
    await page.getByTestId("login-password").fill(who.password);
    await page.getByTestId("login-submit").click();
  }
  await expect(page.getByTestId("network-line")).toBeVisible();
}

/** Opens the leader's desk at the list of incoming documents. */
export async function openDesk(page: Page, office: Office): Promise<void> {
  await openFrame(page, office, LEADER);
  await page.getByTestId("nav-incoming").click();
  await expect(page.getByTestId("document-list")).toBeVisible();
  await expect(page.getByTestId("document-row").first()).toHaveAttribute("data-id", /.+/);
}

/** Waits until everything has been downloaded. */
export async function settled(page: Page, office: Office): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await page.request.post(`${office.url}/ipc/sync_status`, { data: {} });
        const status = (await answer.json()) as { downloads_waiting: number; last_sync: unknown };
        return status.last_sync !== null && status.downloads_waiting === 0;
      },
      { timeout: 60_000 },
    )
    .toBe(true);
}

/**
 * Does what makes a window close itself. The window may be gone before the driver has its answer,
 * so the answer says nothing; what came of it is looked for afterwards.
 */
export async function closingItself(act: () => Promise<void>): Promise<void> {
  await act().catch((error: unknown) => {
    if (!String(error).includes("has been closed")) throw error;
  });
}

export { expect };
