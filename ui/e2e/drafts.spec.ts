import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { arrive, choose, FULL, HEAD, look, OFFICIAL, SMALL, sent, sit, waitsFor } from "./desks";
import { ask } from "./inbox";
import { letters, writeLetters } from "./letters";
import { CLERK, expect, LEADER, openFrame, test } from "./office";
import { photograph } from "./photograph";

const SUBJECT = "Thành lập Tổ công tác chuyển đổi số xã";
let folder = "";
let first = "";
let second = "";

// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "drafts" } });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "congvan-du-thao-"));
  [first = "", second = ""] = await writeLetters(browser, folder, letters(2));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The draft of the story in the list of all, chosen, with its course beside it. */
async function open(page: Page): Promise<ReturnType<Page["getByTestId"]>> {
  await page.getByTestId("nav-outgoing").click();
  await page.getByTestId("view-outgoing_all").click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("document-list").focus();
  return page.getByTestId("course");
}

test("a draft is made with the network down: what is missing or wrong is said at its field, and what was filled in is there again after the window was closed", async ({
  page,
  office,
}) => {
  await arrive(page, office, OFFICIAL, "outgoing");
  await office.cut();
  await page.keyboard.press("Control+d");
  const dialog = page.getByTestId("draft-dialog");
  await expect(dialog).toBeVisible();
  const problem = dialog.getByTestId("field-problem");

  await page.keyboard.press("Control+Enter");
  await expect(problem).toContainText("Chọn một tệp PDF");
  await expect(page.getByTestId("draft-choose")).toBeFocused();
  const words = join(folder, "ghi-chu.pdf");
  writeFileSync(words, "không phải PDF");
  await choose(page, words);
  await expect(problem).toContainText("INTAKE_FORMAT");
  await photograph(page, "du-thao-khong-phai-pdf");
  await choose(page, first);
  await expect(page.getByTestId("draft-file")).toContainText("quet-01.pdf");
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");

  await page.getByTestId("draft-kind").fill("qd");
  await expect(page.getByRole("option", { name: /Quyết định/ })).toBeVisible();
  await photograph(page, "du-thao-ten-loai");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("draft-kind")).toHaveValue("Quyết định");
  await page.getByTestId("draft-symbol").fill("UBND-VX");
  await page.getByTestId("draft-subject").fill(SUBJECT);
  await page.keyboard.press("Control+Enter");
  await expect(problem).toContainText("Ký hiệu chưa hợp với tên loại");
  await expect(problem).toContainText("ACT_FIELD");
  await expect(page.getByTestId("draft-symbol")).toBeFocused();
  await photograph(page, "du-thao-ky-hieu-sai");

  // The window is closed in the middle of it.
  await expect(dialog).toContainText("Bản nháp được giữ");
  await page.reload();
  await page.getByTestId("draft-new").click();
  await expect(page.getByTestId("draft-file")).toContainText("quet-01.pdf");
  await expect(page.getByTestId("draft-subject")).toHaveValue(SUBJECT);
  await page.getByTestId("draft-symbol").fill("QĐ-UBND");
  await expect(problem).toHaveCount(0);
  await page.setViewportSize(SMALL);
  await photograph(page, "du-thao-soan-125");
  await page.setViewportSize(FULL);
  await photograph(page, "du-thao-soan");
  await page.getByTestId("draft-subject").focus();
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Dự thảo đã lưu trên máy")).toBeVisible();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(row.getByTestId("row-state")).toHaveText("Dự thảo");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
});

test("a draft that was never sent is taken back whole; it asks first", async ({ page, office }) => {
  await openFrame(page, office, OFFICIAL);
  const panel = await open(page);
  await expect(panel.getByTestId("course-standing")).toContainText("Lê Văn C đang soạn");
  await expect(panel.getByTestId("own-act")).toHaveAttribute("data-kind", "draft_document");
  await photograph(page, "du-thao-chua-gui");
  await page.keyboard.press("Control+z");
  await expect(page.getByTestId("confirm")).toBeVisible();
  await photograph(page, "du-thao-bo");
  await page.getByTestId("confirm-yes").click();
  await expect(page.getByText("Đã bỏ dự thảo")).toBeVisible();
  await expect(page.getByTestId("document-row").filter({ hasText: SUBJECT })).toHaveCount(0);
  expect((await ask(page, office, "sync_status", {})).unsent).toBe(0);

  // Nothing of it is left in the form either.
  await page.getByTestId("draft-new").click();
  await expect(page.getByTestId("draft-file")).toHaveAttribute("data-chosen", "false");
  await expect(page.getByTestId("draft-subject")).toHaveValue("");
});

test("a new version says what has changed, and the draft is submitted to who answers for it, offline", async ({
  page,
  office,
}) => {
  await openFrame(page, office, OFFICIAL);
  await page.getByTestId("nav-outgoing").click();
  await page.keyboard.press("Control+d");
  await choose(page, first);
  await page.getByTestId("draft-kind").fill("quyet dinh");
  await page.getByTestId("draft-symbol").fill("QĐ-UBND");
  await page.getByTestId("draft-urgency").selectOption("urgent");
  await page.getByTestId("draft-subject").fill(SUBJECT);
  await page.getByTestId("draft-save").click();
  await expect(page.getByTestId("draft-dialog")).toHaveCount(0);
  const panel = await open(page);

  await page.keyboard.press("m");
  await expect(page.getByTestId("act-form-revise")).toBeVisible();
  await page.getByTestId("act-text").fill("Sửa căn cứ pháp lý");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await photograph(page, "du-thao-ban-moi-thieu");
  await choose(page, second);
  await expect(page.getByTestId("draft-file")).toContainText("quet-02.pdf");
  await photograph(page, "du-thao-ban-moi");
  await page.setViewportSize(SMALL);
  await photograph(page, "du-thao-ban-moi-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("draft-versions").getByRole("listitem")).toHaveCount(2);
  await expect(panel.getByTestId("draft-versions")).toContainText("Sửa căn cứ pháp lý");
  await panel.getByTestId("version-beside").click();
  await expect(page.getByTestId("compare")).toContainText("Bản 1");
  await photograph(page, "du-thao-hai-ban");
  await page.keyboard.press("Escape");

  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-submit")).toBeVisible();
  await expect(page.getByTestId("people-find")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("people-note")).toContainText("Chọn đúng một người duyệt");
  await photograph(page, "du-thao-trinh-thieu");
  await page.getByTestId("people-find").fill("hoang van e");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.getByTestId("people-find").fill("dang thi h");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("2");
  await expect(page.getByTestId("people-note")).toContainText("Duyệt: Hoàng Văn E · Xin ý kiến:");
  await page.getByTestId("people-find").fill("");
  await photograph(page, "du-thao-trinh");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ Hoàng Văn E duyệt");
  await expect(panel.getByTestId("own-act")).toHaveCount(3);
  await photograph(page, "du-thao-da-trinh");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
  await expect(panel.getByTestId("own-act")).toHaveCount(0);
  await expect(panel.getByTestId("draft-drop")).toHaveCount(0);
});

test("the head approves, the clerk checks the format, who was named initials, and it is before the leader", async ({
  page,
  office,
}) => {
  await sit(page, office, HEAD, "outgoing");
  let panel = await open(page);
  await waitsFor(page, office, "approve");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await photograph(page, "du-thao-cho-duyet");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-approve")).toBeVisible();
  await page.getByTestId("act-text").fill("Đồng ý nội dung");
  await photograph(page, "du-thao-duyet");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ văn thư duyệt thể thức");
  await sent(page, office);

  await sit(page, office, CLERK, "outgoing");
  panel = await open(page);
  await waitsFor(page, office, "check_format");
  await page.keyboard.press("f");
  await expect(page.getByTestId("people-find")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("people-note")).toContainText("Chọn đúng một lãnh đạo ký");
  await page.getByTestId("people-find").fill("nguyen van a");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.getByTestId("people-find").fill("hoang van e");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("2");
  await expect(page.getByTestId("people-note")).toContainText("Ký: Nguyễn Văn A · Ký nháy:");
  await page.getByTestId("people-find").fill("");
  await photograph(page, "du-thao-the-thuc");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ Hoàng Văn E ký nháy");
  await sent(page, office);

  await sit(page, office, HEAD, "outgoing");
  panel = await open(page);
  await waitsFor(page, office, "initial");
  await photograph(page, "du-thao-cho-ky-nhay");
  await page.keyboard.press("y");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ Nguyễn Văn A ký");
  await sent(page, office);

  await sit(page, office, LEADER, "outgoing");
  panel = await open(page);
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ Nguyễn Văn A ký");
  await expect(page.getByTestId("sign-open")).toBeVisible();
  for (const part of ["drafter", "reviewer", "checker", "initials", "signer"]) {
    await expect(panel.locator(`[data-part="${part}"]`)).toBeVisible();
  }
  await expect(panel.locator('[data-part="signer"]')).toHaveAttribute("data-turn", "true");
  await photograph(page, "du-thao-truoc-lanh-dao");
});

test("the leader sends it back with a reason; the drafter reads it, corrects what stands on it and gives it up", async ({
  page,
  office,
}) => {
  await openFrame(page, office, LEADER);
  await open(page);
  await expect(page.getByTestId("sign-open")).toBeVisible();
  await page.keyboard.press("v");
  await expect(page.getByTestId("act-form-return")).toBeVisible();
  await expect(page.getByTestId("act-text")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await page.getByTestId("act-text").fill("Thiếu ý kiến của Ban Chỉ huy quân sự xã");
  await photograph(page, "du-thao-tra-lai");
  await page.keyboard.press("Control+Enter");
  await sent(page, office);

  await sit(page, office, OFFICIAL, "outgoing");
  const panel = await open(page);
  await waitsFor(page, office, "submit");
  await expect(panel.getByTestId("draft-sent-back")).toContainText("Thiếu ý kiến của Ban Chỉ huy");
  // Whose turn it is not is not asked for a signature.
  await expect(page.getByTestId("sign-open")).toHaveCount(0);
  await photograph(page, "du-thao-bi-tra-lai");
  await look(page, office, "dark", "vi");
  await photograph(page, "du-thao-toi");
  await page.keyboard.press("m");
  await photograph(page, "du-thao-ban-moi-toi");
  await page.keyboard.press("Escape");
  await look(page, office, "light", "en");
  await photograph(page, "du-thao-en");
  await page.setViewportSize(SMALL);
  await photograph(page, "du-thao-en-125");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("s");
  await photograph(page, "du-thao-trinh-en-125");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+d");
  await expect(page.getByTestId("draft-dialog")).toBeVisible();
  await photograph(page, "du-thao-soan-en-125");
  await page.keyboard.press("Escape");
  await page.setViewportSize(FULL);
  await look(page, office, "light", "vi");

  await page.getByTestId("document-list").focus();
  await page.keyboard.press("m");
  await page.getByTestId("draft-subject").fill(`${SUBJECT} năm 2027`);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("document-subject")).toContainText("năm 2027");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("z");
  await page.getByTestId("act-text").fill("Không còn cần thiết");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Hủy dự thảo: đã lưu trên máy")).toBeVisible();
  await sent(page, office);
  await ask(page, office, "sync_now", {});
  await expect(page.getByTestId("document-row").filter({ hasText: SUBJECT })).toHaveCount(0);
});
