import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import type { HandlingActDto } from "../src/generated/types";
import { arrive, choose, everyLook, HEAD, sent, sit, type Who } from "./desks";
import { ask } from "./inbox";
import { letters, writeLetters } from "./letters";
import { CLERK, closingItself, expect, LEADER, type Office, PIN, TOKEN, test } from "./office";
import { photograph } from "./photograph";

const OLD = "Thành lập Tổ công tác chuyển đổi số";
const NEW = "Kiện toàn Tổ công tác chuyển đổi số";
/** The clerk and the leader of the agency beside ours. */
const THERE: Who = { username: "vanthu.apt", password: "VanThuAPT@2026" };
const THERE_LEADER: Who = { username: "lanhdao.apt", password: "LanhDaoAPT@2026" };
const ISSUE: HandlingActDto = {
  act: "issue",
  to: [{ code: "H99.102", name: "UBND phường An Phú Tây" }],
  places: ["Lưu: VT"],
};
let folder = "";
let papers: string[] = [];

// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "replacement", issues: true } });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "congvan-thay-the-"));
  const [letter] = letters(1);
  if (letter === undefined) throw new Error("no letter");
  const gap = "\u00a0".repeat(8);
  const decision = (subject: string) => ({
    ...letter,
    file: `${subject}.pdf`,
    number: `${gap}/QĐ-UBND`,
    day: `${gap}tháng${gap}năm${gap}`,
    kind: "QUYẾT ĐỊNH",
    subject,
    position: "CHỦ TỊCH",
    signer: "Nguyễn Văn A",
  });
  papers = await writeLetters(browser, folder, [decision(OLD), decision(NEW)]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The document with that subject in that list, chosen, with its course beside it. */
async function open(page: Page, office: Office, view: string, subject: string) {
  await page.getByTestId(`view-${view}`).click();
  const row = page.getByTestId("document-row").filter({ hasText: subject });
  await ask(page, office, "sync_now", {});
  await expect(row).toBeVisible({ timeout: 60_000 });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("document-list").focus();
  return (await row.getAttribute("data-id")) ?? "";
}

/** Waits until this person may do that at this desk, and does it as the window would. */
async function act(page: Page, office: Office, document: string, what: HandlingActDto) {
  const allowed = async () => {
    await ask(page, office, "sync_now", {});
    return (await ask(page, office, "document_handling", { id: document })).allowed;
  };
  await expect.poll(allowed, { timeout: 60_000 }).toContain(what.act);
  await ask(page, office, "document_act", { document, act: what });
  await sent(page, office);
}

/** The operator's door of the province: it plays the signers of what the story is not about. */
async function operate(office: Office, path: string, body?: object): Promise<Response> {
  const answer = await fetch(`${office.admin}/admin/${path}`, {
    method: "POST",
    ...(body !== undefined && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  expect(answer.ok).toBe(true);
  return answer;
}

/** Number, the agency's signature, the issue to the agency beside. */
async function sendOut(page: Page, office: Office, document: string): Promise<void> {
  await act(page, office, document, { act: "number" });
  await operate(office, `documents/${document}/seal`);
  await act(page, office, document, ISSUE);
}

/** The registry beside enters what has come and presents it. */
async function register(page: Page, office: Office, subject: string): Promise<void> {
  let received = "";
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        const { waiting } = await ask(page, office, "received_list", {});
        received = waiting.find((one) => one.subject === subject)?.document ?? "";
        return received;
      },
      { timeout: 60_000 },
    )
    .not.toBe("");
  const { defaults, leaders } = await ask(page, office, "register_options", {});
  const to = { ...defaults, present_to: leaders[0]?.account ?? null };
  await ask(page, office, "received_register", { documents: [received], defaults: to });
  await sent(page, office);
}

/** The account of somebody of the office. */
async function account(page: Page, office: Office, name: string): Promise<string> {
  const people = await ask(page, office, "office_people", {});
  return people.find((one) => one.name === name)?.account ?? "";
}

async function sign(page: Page, context: BrowserContext): Promise<void> {
  await page.getByTestId("sign-token").filter({ hasText: TOKEN }).click();
  const submit = page.getByTestId("sign-submit");
  await expect(submit).toBeEnabled();
  const opened = context.waitForEvent("page");
  await submit.click();
  const pin = await opened;
  await pin.getByTestId("pin-input").fill(PIN);
  await closingItself(() => pin.getByTestId("pin-submit").click());
  await expect(page.getByTestId("sign-result")).toBeVisible({ timeout: 60_000 });
}

test("a decision is issued, and lies before the leader of the agency beside", async ({
  page,
  office,
}) => {
  await arrive(page, office, CLERK, "outgoing");
  const pdf = readFileSync(papers[0] ?? "").toString("base64");
  await operate(office, "outgoing", { subject: OLD, pdf });
  const document = await open(page, office, "outgoing_issue", OLD);
  await sendOut(page, office, document);
  await sit(page, office, THERE);
  await register(page, office, OLD);
});

test("what replaces it is drafted on it, goes the way of every draft, and is issued", async ({
  page,
  context,
  office,
}) => {
  await sit(page, office, CLERK, "outgoing");
  await open(page, office, "outgoing_issued", OLD);
  await page.getByTestId("course").getByTestId("amend-replacement").click();
  await expect(page.getByTestId("draft-dialog")).toContainText("thay thế");
  await choose(page, papers[1] ?? "");
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");
  await page.getByTestId("draft-subject").fill(NEW);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("draft-dialog")).toHaveCount(0);
  await sent(page, office);
  // Until it is issued nobody is told.
  const old = await open(page, office, "outgoing_issued", OLD);
  await expect(page.getByTestId("amended")).toHaveCount(0);
  const document = await open(page, office, "drafts", NEW);
  const head = await account(page, office, "Hoàng Văn E");
  await act(page, office, document, { act: "submit", to: head, supports: [], text: "" });
  await sit(page, office, HEAD, "outgoing");
  await act(page, office, document, { act: "approve", text: "" });
  await sit(page, office, CLERK, "outgoing");
  const signer = await account(page, office, "Nguyễn Văn A");
  await act(page, office, document, { act: "check_format", signer, initials: [], text: "" });
  await sit(page, office, LEADER, "outgoing");
  await open(page, office, "to_sign", NEW);
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId("sign-open").click();
  await sign(page, context);
  await sent(page, office);
  await sit(page, office, CLERK, "outgoing");
  await sendOut(page, office, document);

  await open(page, office, "outgoing_issued", OLD);
  const banner = page.getByTestId("amended");
  await expect(banner).toContainText("Đã được thay thế bởi 02/UBND-VP");
  // What was replaced is replaced once.
  const { allowed } = await ask(page, office, "document_handling", { id: old });
  expect(allowed).not.toContain("amend");
  await expect(page.getByTestId("amend-replacement")).toHaveCount(0);
  await everyLook(page, office, "thay-the-noi-gui");
  await banner.getByTestId("related-open").click();
  await expect(page.getByTestId("document-subject")).toHaveText(NEW);
});

test("the receiver reads on the old one by what it was replaced, above every act on it, and opens that", async ({
  page,
  office,
}) => {
  await sit(page, office, THERE);
  await register(page, office, NEW);
  await open(page, office, "incoming_all", OLD);
  const banner = page.getByTestId("amended");
  await expect(banner).toContainText("Đã được thay thế bởi 02/UBND-VP", { timeout: 60_000 });

  await sit(page, office, THERE_LEADER);
  await open(page, office, "incoming_say", OLD);
  await expect(banner).toContainText("Đã được thay thế bởi 02/UBND-VP", { timeout: 60_000 });
  await expect(page.getByTestId("course")).toContainText("Được thay thế bởi 02/UBND-VP");
  await everyLook(page, office, "thay-the-noi-nhan");
  // Who directs the old one all the same is warned where it is done.
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  const panel = page.getByTestId("act-panel");
  await expect(panel.getByTestId("amended")).toContainText("Đã được thay thế bởi 02/UBND-VP");
  await photograph(page, "thay-the-chi-dao-ban-cu");
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await banner.getByTestId("related-open").first().click();
  await expect(page.getByTestId("document-subject")).toHaveText(NEW);
  await page.getByTestId("tab-flow").click();
  await expect(page.getByTestId("related")).toContainText("Thay thế 01/UBND-VP");
  await photograph(page, "thay-the-ban-moi");
});
