import { expect, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";
import {
  closeReport,
  markFirst,
  openTray,
  readToTheEnd,
  reported,
  resumeBatch,
  startBatch,
  typePin,
  waiting,
} from "./tray";

test.describe.configure({ mode: "serial" });
test.use({ setup: { drafts: 22, shim: true, tsa: ["http://127.0.0.1:9/tsa"] } });

test("a document that was not read to its end cannot be marked, and the missing pages are named", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await openTray(page);
  const row = page.locator('[role="option"][aria-selected="true"]');
  await page.keyboard.press("Space");
  await expect(page.getByTestId("tray-reading")).toContainText("Chưa đánh dấu được");
  await expect(row).toHaveAttribute("data-marked", "false");
  await photograph(page, "trinh-ky-chua-doc-het");
  await readToTheEnd(page);
  await page.keyboard.press("Space");
  await expect(row).toHaveAttribute("data-marked", "true");
  await page.keyboard.press("Space");
  await expect(row).toHaveAttribute("data-marked", "false");
});

test("the place of the signature is moved by keys and remembered for the type of document", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await page.getByText("Xem khung trên trang").click();
  const box = page.getByTestId("sign-placement");
  await expect(box).toBeInViewport();
  const before = await box.getAttribute("aria-label");
  await box.focus();
  for (let i = 0; i < 4; i++) {
    const kept = page.waitForResponse("**/ipc/placement_remember");
    await page.keyboard.press("Shift+ArrowLeft");
    await kept;
  }
  await expect(box).not.toHaveAttribute("aria-label", before ?? "");
  const moved = (await box.getAttribute("aria-label")) ?? "";
  await expect(page.getByTestId("tray-reading")).toContainText("Vị trí đã nhớ cho loại");
  await photograph(page, "trinh-ky-vi-tri");
  await page.reload();
  await openTray(page);
  await expect(page.getByTestId("tray-reading")).toContainText("Vị trí đã nhớ cho loại");
  await page.getByText("Xem khung trên trang").click();
  await expect(box).toHaveAttribute("aria-label", moved);
  await page.getByText("Quên", { exact: true }).click();
  await expect(page.getByTestId("tray-reading")).not.toContainText("Vị trí đã nhớ");
});

test("three documents are signed with one PIN, and nothing is left over the page", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  const before = await waiting(page, office);
  await markFirst(page, 3);
  await photograph(page, "trinh-ky-da-danh-dau");
  office.slow(400);
  const pin = await startBatch(page);
  await expect(pin.getByTestId("pin-input")).toBeFocused();
  await expect(pin.locator("main")).toContainText("Ký 3 văn bản");
  await expect(pin.locator("main")).toContainText("Token trình duyệt");
  await expect(pin.locator("main")).toContainText("Nguyễn Văn A");
  await pin.setViewportSize({ width: 460, height: 350 });
  await photograph(pin, "pin-thuong");
  await photograph(page, "ky-cho-pin");
  await typePin(pin);
  await expect(page.getByTestId("batch-run")).toHaveAttribute("data-stage", "SIGNING");
  await photograph(page, "ky-dang-ky");
  await reported(page, 3, 0);
  await expect(page.getByTestId("batch-item").first()).toContainText("Mức B-B");
  await photograph(page, "ky-bao-cao");
  await closeReport(page);
  await expect.poll(() => waiting(page, office)).toBe(before - 3);
  office.plug();
});

test("a wrong PIN stops the batch at once and costs one try; going on asks anew", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 2);
  await typePin(await startBatch(page), "000000");
  await reported(page, 0, 2);
  const message = page.getByTestId("error-message");
  await expect(message).toHaveAttribute("data-code", "PIN_INCORRECT");
  await expect(message).toContainText("Ký tiếp");
  expect(office.triesLeft()).toBe(2);
  await photograph(page, "ky-sai-pin");
  const pin = await resumeBatch(page);
  await expect(pin.getByTestId("pin-warning")).toContainText("còn ít lượt thử");
  await pin.setViewportSize({ width: 460, height: 400 });
  await photograph(pin, "pin-con-it-luot");
  await typePin(pin);
  await reported(page, 2, 0);
  expect(office.triesLeft()).toBe(3);
  await closeReport(page);
});

test("the last try is spent only after the box was ticked", async ({ page, office }) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 2);
  office.tries(1);
  const pin = await startBatch(page);
  await expect(pin.getByTestId("pin-warning")).toContainText("Chỉ còn một lượt thử");
  await pin.getByTestId("pin-input").fill("246810");
  await expect(pin.getByTestId("pin-submit")).toBeDisabled();
  await pin.setViewportSize({ width: 460, height: 460 });
  await photograph(pin, "pin-luot-cuoi");
  await pin.getByTestId("pin-consent").check();
  await expect(pin.getByTestId("pin-submit")).toBeEnabled();
  await pin.getByTestId("pin-input").focus();
  await typePin(pin);
  await reported(page, 2, 0);
  await closeReport(page);
});

test("a locked token is said to be locked, not wrong, and no PIN is asked for", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 1);
  office.tries(0);
  await page.keyboard.press("Control+Enter");
  const message = page.getByTestId("batch-panel").getByTestId("error-message");
  await expect(message).toHaveAttribute("data-code", "PIN_LOCKED");
  await expect(page.getByTestId("batch-sign")).toBeDisabled();
  await photograph(page, "ky-bi-khoa");
  office.tries(3);
  await page.keyboard.press("Escape");
});

test("a token that is pulled in the middle leaves what is signed, and the rest can be signed after it is back", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 4);
  office.pullAtSignature(3);
  await typePin(await startBatch(page));
  await reported(page, 2, 2);
  const message = page.getByTestId("error-message");
  await expect(message).toHaveAttribute("data-code", "TOKEN_REMOVED");
  await expect(message).toContainText("2 văn bản đã ký đã lưu trên máy");
  await expect(page.getByTestId("token-line")).toHaveAttribute("data-look", "none");
  await photograph(page, "ky-rut-token");
  office.plug();
  await expect(page.getByTestId("token-line")).toHaveAttribute("data-look", "ready");
  await typePin(await resumeBatch(page));
  await reported(page, 4, 0);
  await closeReport(page);
});

test("a batch broken off by a power cut is offered again and signs nothing twice", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 3);
  const before = await waiting(page, office);
  office.slow(1500);
  await typePin(await startBatch(page));
  await expect(page.locator('[data-testid="batch-item"][data-state="SIGNED"]')).toHaveCount(1);
  await office.killDesk();
  office.plug();
  await office.startDesk();
  await page.goto(office.url);
  await page.getByTestId("nav-incoming").click();
  await expect(page.getByTestId("batch-strip")).toContainText("Lần ký trước chưa xong");
  await photograph(page, "ky-bi-ngat-dai");
  await page.getByTestId("nav-to_sign").click();
  await expect(page.getByTestId("batch-report")).toHaveAttribute("data-stage", "INTERRUPTED");
  await photograph(page, "ky-bi-ngat");
  await typePin(await resumeBatch(page));
  await reported(page, 3, 0);
  await closeReport(page);
  await expect.poll(() => waiting(page, office)).toBe(before - 3);
});

test("with the time stamp authority down the desk goes on, and the documents wait for completion", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await page.getByTestId("nav-sync").click();
  const entries = page.getByTestId("completion-entry");
  await expect(entries.first()).toHaveAttribute("data-level", "B-B");
  await expect(page.getByTestId("completion")).toContainText("Có dấu thời gian");
  await photograph(page, "dong-bo-cho-dau-thoi-gian");
  await page.getByTestId("completion-retry").first().click();
  await expect(entries.first()).toBeVisible();
  await openTray(page);
  await expect(page.getByTestId("document-row").first()).toBeVisible();
});

test("a reader with a keypad takes the PIN; the window only says so", async ({ page, office }) => {
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 1);
  office.keypad("246810");
  office.slow(1200);
  await expect(async () => {
    const answer = await page.request.post(`${office.url}/ipc/token_rescan`, { data: {} });
    const state = (await answer.json()) as { tokens: Array<{ pin_pad: boolean }> };
    expect(state.tokens[0]?.pin_pad).toBe(true);
  }).toPass();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("batch-sign")).toBeEnabled();
  const opened = page.context().waitForEvent("page");
  await page.getByTestId("batch-sign").click();
  const pin = await opened;
  await expect(pin.locator("main")).toContainText("bàn phím của đầu đọc");
  await expect(pin.getByTestId("pin-input")).toHaveCount(0);
  await pin.setViewportSize({ width: 460, height: 320 });
  await photograph(pin, "pin-ban-phim-dau-doc");
  await reported(page, 1, 0);
  office.keypad(null);
  office.plug();
  await closeReport(page);
});
