import type { BrowserContext, Page } from "@playwright/test";
import type { HandlingActDto } from "../src/generated/types";
import { everyLook, sent, sit } from "./desks";
import { ask } from "./inbox";
import {
  AGENCY_TOKEN,
  CLERK,
  closingItself,
  expect,
  openFrame,
  PIN,
  settled,
  test,
} from "./office";
import { photograph } from "./photograph";

/** A seeded plan of three pages that lies before the leader. */
const SUBJECT = "Cải cách hành chính nhà nước tỉnh H99 năm 2027";
const NOTATION = /\/KH-UBND/;
// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "copies", issues: true } });

/** The document with that subject in a list, chosen, with its course beside it. */
async function open(page: Page, section: string, view: string) {
  await page.getByTestId(`nav-${section}`).click();
  await page.getByTestId(`view-${view}`).click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT }).first();
  await row.scrollIntoViewIfNeeded();
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("document-list").focus();
  return page.getByTestId("course");
}

/** Signs what is open with the agency's token. */
async function seal(page: Page, context: BrowserContext): Promise<void> {
  await page.getByTestId("sign-token").filter({ hasText: AGENCY_TOKEN }).click();
  const submit = page.getByTestId("sign-submit");
  await expect(submit).toBeEnabled();
  await photograph(page, "ban-sao-ky-so");
  const opened = context.waitForEvent("page");
  await submit.click();
  const pin = await opened;
  await pin.getByTestId("pin-input").fill(PIN);
  await closingItself(() => pin.getByTestId("pin-submit").click());
  await expect(page.getByTestId("sign-result")).toBeVisible({ timeout: 60_000 });
}

test("an extract is made of chosen pages with the network down: what is missing is said at its field, and it shows no number", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openFrame(page, office, CLERK);
  await settled(page, office);
  await open(page, "incoming", "incoming_all");
  await expect(page.getByTestId("page-image-0")).toBeVisible({ timeout: 60_000 });
  await office.cut();
  await expect(page.getByTestId("copy-open")).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Shift+C");
  const dialog = page.getByTestId("copy-dialog");
  await expect(dialog).toContainText(NOTATION);
  await expect(page.getByTestId("copy-form-true_copy")).toBeChecked();
  await expect(page.getByTestId("copy-symbol")).toHaveValue("UBND");
  await photograph(page, "ban-sao-chon-hinh-thuc");

  await page.getByTestId("copy-form-extract").check();
  await page.getByTestId("copy-symbol").fill("");
  await page.keyboard.press("Control+Enter");
  const problem = dialog.getByTestId("field-problem");
  await expect(problem).toHaveCount(3);
  await expect(problem.first()).toContainText("tên viết tắt");
  await page.getByTestId("copy-symbol").fill("UBND");
  await page.getByTestId("copy-pages").fill("1, 9");
  await expect(problem.first()).toContainText("từ 1 đến 3");
  await page.getByTestId("copy-pages").fill("1");
  await page.getByTestId("copy-sheet-3").click();
  await expect(page.getByTestId("copy-pages")).toHaveValue("1, 3");
  await page.getByTestId("copy-left-out").fill("Trang 2: biểu mẫu");
  await expect(problem).toHaveCount(0);
  await everyLook(page, office, "ban-sao-trich-sao");
  await page.getByTestId("copy-left-out").focus();
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("Bản sao đã lưu trên máy")).toBeVisible();

  const panel = page.getByTestId("course");
  await page.getByTestId("tab-flow").click();
  await expect(panel.getByTestId("course-standing")).toContainText("Bản sao, chờ cấp số");
  // No leader signs it: nobody has, and no list says so.
  const row = page.getByTestId("document-row").and(page.locator('[aria-selected="true"]'));
  await expect(row.getByTestId("row-state")).toHaveText("Bản sao chờ ký");
  await expect(panel.getByTestId("related")).toContainText("Trích sao");
  await expect(panel.getByTestId("related")).toContainText("Trang 1, 3; không trích: Trang 2");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ cấp số");
  await expect(panel.locator('[data-step="number"]')).toHaveAttribute("data-done", "false");
  await everyLook(page, office, "ban-sao-cho-cap-so");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await expect(panel.locator('[data-step="number"]')).toContainText("01/TrS-UBND", {
    timeout: 60_000,
  });
  await sent(page, office);
});

test("the agency signs the copy with its words and no seal, it is issued, and source and copy lead to one another", async ({
  page,
  context,
  office,
}) => {
  await sit(page, office, CLERK, "outgoing");
  const panel = await open(page, "outgoing", "outgoing_issue");
  await expect(page.getByTestId("sign-open")).toHaveText(/Ký số cơ quan/, { timeout: 60_000 });
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId("sign-open").click();
  await expect(page.getByRole("heading", { name: "Ký số cơ quan" })).toBeVisible();
  await seal(page, context);
  await photograph(page, "ban-sao-da-ky-so");
  await page.keyboard.press("Escape");
  await page.getByTestId("tab-flow").click();
  await sent(page, office);
  await expect(panel.locator('[data-step="seal"]')).toContainText("Trần Thị B");
  const state = page.getByTestId("document-row").filter({ hasText: SUBJECT }).first();
  await expect(state.getByTestId("row-state")).toHaveText("Đã ký");
  const id = await page
    .getByTestId("document-row")
    .filter({ hasText: SUBJECT })
    .first()
    .getAttribute("data-id");
  const document = id ?? "";
  const issue: HandlingActDto = { act: "issue", to: [], places: ["Lưu: VT"] };
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        return (await ask(page, office, "document_handling", { id: document })).allowed;
      },
      { timeout: 60_000 },
    )
    .toContain("issue");
  await ask(page, office, "document_act", { document, act: issue });
  await sent(page, office);
  await open(page, "outgoing", "outgoing_issued");
  await expect(panel.getByTestId("related")).toContainText("Trích sao");
  await panel.getByTestId("related-open").click();
  await expect(page.getByTestId("nav-incoming")).toHaveAttribute("aria-current", "page");
  await page.getByTestId("tab-flow").click();
  await expect(panel.getByTestId("related")).toContainText("Đã trích sao: 01/TrS-UBND");
  await expect(panel).toContainText("Trích sao: 01/TrS-UBND");
  await everyLook(page, office, "ban-sao-van-ban-goc");
  await panel.getByTestId("related-open").click();
  await expect(page.getByTestId("document-row").first()).toBeVisible();
  await page.getByTestId("tab-flow").click();
  await expect(panel.getByTestId("related")).toContainText("không trích");
});
