import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import type { HandlingActDto } from "../src/generated/types";
import { arrive, everyLook, FULL, HEAD, look, OFFICIAL, SMALL, sent, sit, type Who } from "./desks";
import { ask } from "./inbox";
import { letters, writeLetters } from "./letters";
import {
  AGENCY_TOKEN,
  CLERK,
  closingItself,
  expect,
  LEADER,
  type Office,
  openFrame,
  PIN,
  TOKEN,
  test,
} from "./office";
import { photograph } from "./photograph";

const SUBJECT = "Thành lập Tổ hỗ trợ chuyển đổi số thôn Đông";
/** The clerk of the agency beside ours. */
const THERE: Who = { username: "vanthu.apt", password: "VanThuAPT@2026" };
const THERE_NAME = "phường An Phú Tây";
let folder = "";
let paper = "";

// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "issuing", issues: true } });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "congvan-phat-hanh-"));
  const [letter] = letters(1);
  if (letter === undefined) throw new Error("no letter");
  const gap = "\u00a0".repeat(8);
  const decision = {
    ...letter,
    number: `${gap}/QĐ-UBND`,
    day: `${gap}tháng${gap}năm${gap}`,
    kind: "QUYẾT ĐỊNH",
    subject: SUBJECT,
    position: "CHỦ TỊCH",
    signer: "Nguyễn Văn A",
  };
  [paper = ""] = await writeLetters(browser, folder, [decision]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The document of the story in that list, chosen, with its course beside it. */
async function open(page: Page, view: string): Promise<ReturnType<Page["getByTestId"]>> {
  await page.getByTestId(`view-${view}`).click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("document-list").focus();
  return page.getByTestId("course");
}

/** The id of the document of the story. */
async function story(page: Page): Promise<string> {
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  return (await row.getAttribute("data-id")) ?? "";
}

/** Waits until this person may do that at this desk, and does it as the window would. */
async function act(page: Page, office: Office, what: HandlingActDto): Promise<void> {
  const document = await story(page);
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        const { allowed } = await ask(page, office, "document_handling", { id: document });
        return allowed.includes(what.act);
      },
      { timeout: 60_000 },
    )
    .toBe(true);
  await ask(page, office, "document_act", { document, act: what });
  await sent(page, office);
}

/** The account of somebody of the office. */
async function account(page: Page, office: Office, name: string): Promise<string> {
  const people = await ask(page, office, "office_people", {});
  return people.find((one) => one.name === name)?.account ?? "";
}

/** Signs what is open with that token. */
async function sign(page: Page, context: BrowserContext, token: string): Promise<void> {
  await page.getByTestId("sign-token").filter({ hasText: token }).click();
  const submit = page.getByTestId("sign-submit");
  await expect(submit).toBeEnabled();
  const opened = context.waitForEvent("page");
  await submit.click();
  const pin = await opened;
  await pin.getByTestId("pin-input").fill(PIN);
  await closingItself(() => pin.getByTestId("pin-submit").click());
  await expect(page.getByTestId("sign-result")).toBeVisible({ timeout: 60_000 });
}

/** A seal as scanned: a red disc of 36 mm at 300 dpi. */
async function keepSeal(page: Page, office: Office): Promise<void> {
  const url = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 425;
    const pen = canvas.getContext("2d");
    if (pen !== null) {
      pen.fillStyle = "#d81f26";
      pen.arc(212, 212, 200, 0, 7);
      pen.fill();
    }
    return canvas.toDataURL("image/png");
  });
  const png = url.split(",").at(-1) ?? "";
  const picture = { role: "seal", png, width_mm: 36, height_mm: 36 } as const;
  await ask(page, office, "signature_image_put", picture);
}

test("a draft comes before its leader and nobody else, who finds it in what is to be signed and signs it", async ({
  page,
  context,
  office,
}) => {
  await arrive(page, office, OFFICIAL, "outgoing");
  await page.keyboard.press("Control+d");
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("draft-choose").click();
  await (await chooser).setFiles(paper);
  await page.getByTestId("draft-kind").fill("quyet dinh");
  await page.getByTestId("draft-symbol").fill("QĐ-UBND");
  await page.getByTestId("draft-subject").fill(SUBJECT);
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");
  await page.getByTestId("draft-save").click();
  await expect(page.getByTestId("draft-dialog")).toHaveCount(0);
  // The seeded documents wait for the leader: an official signs none of them.
  await expect(page.getByTestId("view-to_sign")).toHaveCount(0);
  expect((await ask(page, office, "view_counts", {})).to_sign).toBe(0);
  await open(page, "drafts");
  const head = await account(page, office, "Hoàng Văn E");
  await act(page, office, { act: "submit", to: head, supports: [], text: "" });
  await photograph(page, "phat-hanh-du-thao-cua-toi");

  await sit(page, office, HEAD, "outgoing");
  await open(page, "outgoing_check");
  await act(page, office, { act: "approve", text: "" });
  await sit(page, office, CLERK, "outgoing");
  await open(page, "outgoing_check");
  const signer = await account(page, office, "Nguyễn Văn A");
  await act(page, office, { act: "check_format", signer, initials: [], text: "" });

  await sit(page, office, LEADER, "outgoing");
  await open(page, "to_sign");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await expect(page.getByTestId("sign-open")).toHaveText(/Ký số/);
  await photograph(page, "phat-hanh-cho-ky");
  await page.keyboard.press("Control+Enter");
  await sign(page, context, TOKEN);
  await sent(page, office);
});

test("the clerk asks for the number with the network down: it waits and shows none until the server gives it; then the agency's token signs", async ({
  page,
  context,
  office,
}) => {
  await sit(page, office, CLERK, "outgoing");
  await keepSeal(page, office);
  const panel = await open(page, "outgoing_issue");
  await expect(page.getByTestId("act-number")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  // Nothing is signed for the agency without a number.
  await expect(page.getByTestId("sign-open")).toHaveCount(0);
  await photograph(page, "phat-hanh-cho-cap-so");
  await office.cut();
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ cấp số");
  const number = panel.locator('[data-step="number"]');
  await expect(number).toHaveAttribute("data-waits", "true");
  await expect(number).toHaveAttribute("data-done", "false");
  await expect(page.getByTestId("sign-open")).toHaveCount(0);
  await photograph(page, "phat-hanh-doi-so");
  await page.setViewportSize(SMALL);
  await photograph(page, "phat-hanh-doi-so-125");
  await page.setViewportSize(FULL);
  await office.connect();
  await ask(page, office, "sync_now", {});
  await expect(number).toContainText("01/QĐ-UBND", { timeout: 60_000 });

  const seal = page.getByTestId("sign-open");
  await expect(seal).toHaveText(/Ký số cơ quan/);
  await photograph(page, "phat-hanh-cho-ky-so-co-quan");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "Ký số cơ quan" })).toBeVisible();
  await page.getByTestId("sign-token").filter({ hasText: AGENCY_TOKEN }).click();
  await expect(page.getByTestId("sign-submit")).toBeEnabled();
  await photograph(page, "phat-hanh-ky-so-co-quan");
  await sign(page, context, AGENCY_TOKEN);
  await photograph(page, "phat-hanh-da-ky-so-co-quan");
  await page.keyboard.press("Escape");
  await page.getByTestId("tab-flow").click();
  await sent(page, office);
  await expect(panel.locator('[data-step="seal"]')).toContainText("Trần Thị B");
  await expect(panel.getByTestId("course-standing")).toContainText("chờ phát hành");
});

test("it is issued to agencies of the directory and to a kept group; who is there twice or was not chosen is said", async ({
  page,
  office,
}) => {
  await openFrame(page, office, CLERK);
  await page.getByTestId("nav-outgoing").click();
  const panel = await open(page, "outgoing_issue");
  await expect(page.getByTestId("act-issue")).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press("Control+Enter");
  const form = page.getByTestId("act-form-issue");
  const find = page.getByTestId("issue-find");
  await expect(find).toBeFocused();
  // What the page says under “Nơi nhận” is filled in already.
  const places = page.getByTestId("issue-places");
  await expect(places).toHaveValue("Như trên\nLưu: VT");
  await expect(page.getByTestId("issue-read")).toBeVisible();
  await photograph(page, "phat-hanh-theo-trang");
  await places.fill("");
  await page.keyboard.press("Control+Enter");
  await expect(form).toContainText("Chọn ít nhất một nơi nhận");
  await expect(form).toContainText("ACT_FIELD");
  await photograph(page, "phat-hanh-thieu-noi-nhan");

  const option = page.getByRole("listbox", { name: "Thêm nơi nhận" }).getByRole("option");
  const recipients = page.getByTestId("issue-recipient");
  const choose = async (typed: string, name: string) => {
    await find.fill(typed);
    await expect(option.filter({ hasText: name }).first()).toBeVisible();
    await option.filter({ hasText: name }).first().click();
    await expect(find).toHaveValue("");
  };
  await find.fill("an phu tay");
  await expect(option.filter({ hasText: THERE_NAME }).first()).toBeVisible();
  await photograph(page, "phat-hanh-tim-noi-nhan");
  await page.keyboard.press("Escape");
  await choose("ubnd phuong an phu tay", `UBND ${THERE_NAME}`);
  await expect(recipients).toHaveCount(1);
  await choose("ubnd phuong an phu tay", `UBND ${THERE_NAME}`);
  await expect(recipients).toHaveCount(1);
  await expect(form).toContainText("đã có trong danh sách nơi nhận");
  await choose("so noi vu", "Sở Nội vụ");
  await choose("so tai chinh", "Sở Tài chính");
  await expect(page.getByTestId("issue-count")).toHaveAttribute("data-count", "3");
  await find.fill("không có nơi này");
  await page.keyboard.press("Control+Enter");
  await expect(form).toContainText("chưa được chọn từ danh bạ");
  await photograph(page, "phat-hanh-chua-chon");
  await find.fill("");

  // Kept as a group, under a name that no other has; renamed; taken again.
  const groups = page.getByTestId("group");
  const name = page.getByTestId("group-name");
  const keep = async (as: string) => {
    await page.getByTestId("group-new").click();
    await expect(name).toBeFocused();
    await name.fill(as);
    await page.keyboard.press("Enter");
  };
  await keep("Các sở");
  await expect(groups).toHaveCount(1);
  await keep("CÁC SỞ");
  await expect(page.getByTestId("group-naming")).toContainText("GROUP_TAKEN");
  await photograph(page, "phat-hanh-nhom-trung-ten");
  await page.keyboard.press("Escape");
  await page.getByTestId("group-rename").click();
  await expect(name).toHaveValue("Các sở");
  await name.fill("Nơi nhận thường dùng");
  await page.keyboard.press("Enter");
  await expect(groups).toHaveAttribute("data-name", "Nơi nhận thường dùng");
  await places.fill("- Như Điều 3;\n- Lưu: VT, KT.");
  await photograph(page, "phat-hanh-noi-nhan");
  await page.setViewportSize(SMALL);
  await photograph(page, "phat-hanh-noi-nhan-125");
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "vi");
  await photograph(page, "phat-hanh-noi-nhan-toi");
  await look(page, office, "light", "en");
  await photograph(page, "phat-hanh-noi-nhan-en");
  await page.setViewportSize(SMALL);
  await photograph(page, "phat-hanh-noi-nhan-en-125");
  await page.setViewportSize(FULL);
  await look(page, office, "light", "vi");

  // The window is closed in the middle of it; the group brings back who was taken out.
  await page.getByTestId("issue-remove").first().click();
  await expect(recipients).toHaveCount(2);
  await expect(form).toContainText("Bản nháp được giữ");
  await page.reload();
  await open(page, "outgoing_issue");
  await expect(page.getByTestId("act-issue")).toBeVisible();
  await page.keyboard.press("Shift+P");
  await expect(recipients).toHaveCount(2);
  await page.getByTestId("group-take").click();
  await expect(recipients).toHaveCount(3);
  await page.getByTestId("group-forget").click();
  await expect(page.getByTestId("confirm")).toBeVisible();
  await page.getByTestId("confirm-yes").click();
  await expect(page.getByTestId("confirm")).toHaveCount(0);
  await expect(groups).toHaveCount(0);
  await places.focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Phát hành: đã lưu trên máy")).toBeVisible();
  await sent(page, office);
  await open(page, "outgoing_issued");
  await expect(panel.getByTestId("delivery")).toHaveCount(3);
  await expect(panel.getByTestId("delivery-places")).toHaveText(["Như Điều 3Lưu: VT, KT"]);

  // It stands in the register of what goes out, with its number and who keeps the file copy.
  await page.keyboard.press("Control+5");
  await page.getByRole("radio", { name: "Đi", exact: true }).click();
  const line = page.getByTestId("book-line").filter({ hasText: SUBJECT });
  await expect(line).toContainText("01/QĐ-UBND");
  await expect(line).toContainText("VT, KT");
  await everyLook(page, office, "so-van-ban-di");
});

test("what the other agency does is read at the sender, who asks it back with a reason and reads the answer; then it is filed", async ({
  page,
  office,
}) => {
  await sit(page, office, THERE);
  let received = "";
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        const { waiting } = await ask(page, office, "received_list", {});
        received = waiting.find((one) => one.subject === SUBJECT)?.document ?? "";
        return received;
      },
      { timeout: 60_000 },
    )
    .not.toBe("");
  const { defaults } = await ask(page, office, "register_options", {});
  await ask(page, office, "received_register", { documents: [received], defaults });
  await sent(page, office);

  await sit(page, office, CLERK, "outgoing");
  let panel = await open(page, "outgoing_issued");
  const there = panel.getByTestId("delivery").filter({ hasText: THERE_NAME });
  await expect(there).toHaveAttribute("data-status", "03", { timeout: 60_000 });
  await expect(there).toContainText("Đã đến");
  await expect(there).toContainText("Đã tiếp nhận");
  await photograph(page, "phat-hanh-phan-hoi");
  await page.keyboard.press("Shift+L");
  const form = page.getByTestId("act-form-recall");
  await expect(form).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(form.getByTestId("field-problem")).toContainText("Chọn ít nhất một nơi nhận");
  await form.getByTestId("recall-choice").filter({ hasText: THERE_NAME }).click();
  await page.keyboard.press("Control+Enter");
  await expect(form.getByTestId("field-problem")).toContainText("Cần nêu lý do");
  await page.getByTestId("act-text").fill("Có sai sót ở Điều 2, sẽ thay bằng văn bản khác");
  await photograph(page, "phat-hanh-thu-hoi");
  await page.setViewportSize(SMALL);
  await photograph(page, "phat-hanh-thu-hoi-125");
  await page.setViewportSize(FULL);
  await page.keyboard.press("Control+Enter");
  await expect(there).toHaveAttribute("data-status", "13");
  await sent(page, office);

  await sit(page, office, THERE);
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        return (await ask(page, office, "document_handling", { id: received })).recall ?? "";
      },
      { timeout: 60_000 },
    )
    .toContain("Điều 2");
  const reason = "Đã giao các đơn vị thực hiện";
  const answer = { act: "answer_recall", agreed: false, reason } as const;
  await ask(page, office, "document_act", { document: received, act: answer });
  await sent(page, office);

  await sit(page, office, CLERK, "outgoing");
  panel = await open(page, "outgoing_issued");
  await expect(there).toHaveAttribute("data-status", "16", { timeout: 60_000 });
  await expect(there).toContainText(reason);
  await photograph(page, "phat-hanh-tu-choi-lay-lai");
  await page.setViewportSize(SMALL);
  // The panel lies over the page there, and is opened by its sign.
  await page.getByTestId("tab-flow").click();
  await there.scrollIntoViewIfNeeded();
  await photograph(page, "phat-hanh-tu-choi-lay-lai-125");
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "vi");
  await photograph(page, "phat-hanh-tu-choi-lay-lai-toi");
  await look(page, office, "light", "en");
  await photograph(page, "phat-hanh-tu-choi-lay-lai-en");
  await look(page, office, "light", "vi");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-file")).toBeVisible();
  await page.getByTestId("act-text").fill("01.PTDS");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Đã lưu hồ sơ “01.PTDS”");
  await sent(page, office);
});

test("what replaces an issued document is begun on it, its kind and symbol filled in, and names it", async ({
  page,
  office,
}) => {
  await openFrame(page, office, CLERK);
  await page.getByTestId("nav-outgoing").click();
  const panel = await open(page, "outgoing_issued");
  await expect(panel.getByTestId("copy-open")).toBeVisible();
  await panel.getByTestId("amend-replacement").click();
  const dialog = page.getByTestId("draft-dialog");
  await expect(dialog).toContainText("thay thế 01/QĐ-UBND");
  await expect(page.getByTestId("draft-symbol")).toHaveValue("QĐ-UBND");
  await expect(page.getByTestId("draft-kind")).toHaveValue("Quyết định");
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("draft-choose").click();
  await (await chooser).setFiles(paper);
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");
  await page.getByTestId("draft-subject").fill("Kiện toàn Tổ hỗ trợ chuyển đổi số");
  await photograph(page, "phat-hanh-thay-the");
  await page.setViewportSize(SMALL);
  await photograph(page, "phat-hanh-thay-the-125");
  await page.setViewportSize(FULL);
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await page.getByTestId("tab-flow").click();
  await expect(panel.getByTestId("related")).toContainText("Thay thế 01/QĐ-UBND");
  await sent(page, office);
  // The way back to what it replaces.
  await panel.getByTestId("related-open").click();
  await expect(panel.getByTestId("amend-correction")).toBeVisible();
});

test("what goes by post and who has the file copy is written down by key, and stands in two registers", async ({
  page,
  office,
}) => {
  await arrive(page, office, CLERK, "outgoing");
  const panel = await open(page, "outgoing_issued");
  await page.keyboard.press("Shift+M");
  await expect(page.getByTestId("act-form-mail")).toBeVisible();
  await expect(page.getByTestId("paper-to")).toBeFocused();
  await expect(page.getByTestId("paper-to")).toHaveValue(new RegExp(THERE_NAME));
  await page.getByTestId("paper-to").fill("Hạt Kiểm lâm khu vực 2");
  await page.getByTestId("paper-envelopes").fill("0");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("paper-envelopes")).toBeFocused();
  await expect(page.getByTestId("act-form-mail")).toContainText("Ghi số bì từ 1 đến 9.999");
  await everyLook(page, office, "gui-buu-dien");
  await page.getByTestId("paper-envelopes").fill("2");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("on-paper")).toContainText("Gửi bưu điện 2 bì");

  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Shift+B");
  await page.getByTestId("paper-borrower").fill("Phạm Thị C");
  await page.getByTestId("paper-permitted_by").fill("Nguyễn Văn A");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("loan")).toContainText("Chưa trả");
  await panel.getByTestId("loan").scrollIntoViewIfNeeded();
  await photograph(page, "tren-giay");

  await page.keyboard.press("Control+5");
  await page.getByRole("radio", { name: "Bưu điện" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(6);
  await expect(page.getByTestId("book-line")).toContainText(["01/QĐ-UBND"]);
  await everyLook(page, office, "so-buu-dien");
  await page.getByRole("radio", { name: "Bản lưu" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(9);
  await expect(page.getByTestId("book-line")).toContainText(["Phạm Thị C"]);
  await everyLook(page, office, "so-ban-luu");

  await page.keyboard.press("Control+2");
  await open(page, "outgoing_issued");
  await page.keyboard.press("Shift+Y");
  await expect(page.getByTestId("paper-loan")).toContainText("Phạm Thị C");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("loan")).toContainText("đã trả");
  await sent(page, office);
});
