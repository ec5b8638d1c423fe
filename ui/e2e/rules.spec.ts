import type { Page } from "@playwright/test";
import { expect, type Office, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";
import { closeReport, markFirst, openTray, reported, startBatch, typePin } from "./tray";

/** The PIN of the token that comes with the PKI. */
const PIN = "123456";

test.describe.configure({ mode: "serial" });
test.use({ setup: { drafts: 22, shim: true, services: true, unread: true } });

async function look(page: Page, office: Office, theme: "light" | "dark"): Promise<void> {
  await page.request.post(`${office.url}/ipc/setting_set`, {
    data: { key: "theme", value: theme },
  });
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
}

test("what was not read is marked only with a reason, and only where the province allows it", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await openTray(page);
  const row = page.locator('[role="option"][aria-selected="true"]');
  // Nothing is offered before somebody has tried to mark it.
  await page.keyboard.press("u");
  await expect(page.getByTestId("unread-dialog")).toHaveCount(0);
  await page.keyboard.press("Space");
  await expect(page.getByTestId("tray-reading")).toContainText("Chưa đánh dấu được");
  await page.keyboard.press("u");
  const dialog = page.getByTestId("unread-dialog");
  await expect(dialog).toBeVisible();
  await expect(page.getByTestId("unread-confirm")).toBeDisabled();
  await photograph(page, "trinh-ky-ly-do-chua-xem");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(row).toHaveAttribute("data-marked", "false");

  await page.keyboard.press("u");
  await page.getByTestId("unread-reason").first().click();
  await photograph(page, "trinh-ky-ly-do-da-chon");
  await page.getByTestId("unread-confirm").click();
  await expect(dialog).toBeHidden();
  await expect(row).toHaveAttribute("data-marked", "true");
  await page.keyboard.press("Space");
  await expect(row).toHaveAttribute("data-marked", "false");
});

test("the box keeps five millimetres from the edge, and a move is remembered by whoever leaves at once", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await openTray(page);
  await page.getByText("Xem khung trên trang").click();
  const box = page.getByTestId("sign-placement");
  await expect(box).toBeInViewport();
  await box.focus();
  for (let i = 0; i < 25; i++) await page.keyboard.press("Shift+ArrowRight");
  const edge = await box.evaluate((element) => {
    const frame = element.parentElement?.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    return frame === undefined ? -1 : ((frame.right - own.right) / frame.width) * 210;
  });
  expect(edge).toBeGreaterThan(4.8);
  expect(edge).toBeLessThan(5.3);
  const moved = (await box.getAttribute("aria-label")) ?? "";
  // Within the half second for which the box has to hold still.
  const kept = page.waitForResponse("**/ipc/placement_remember");
  await page.getByTestId("nav-incoming").click();
  await kept;
  await page.reload();
  await openTray(page);
  await page.getByText("Xem khung trên trang").click();
  await expect(box).toHaveAttribute("aria-label", moved);
  await expect(page.getByTestId("tray-reading")).toContainText("Vị trí đã nhớ");
  await photograph(page, "trinh-ky-khung-sat-le");
  await page.getByText("Quên", { exact: true }).click();
  await expect(page.getByTestId("tray-reading")).not.toContainText("Vị trí đã nhớ");
});

test("a document whose signer's certificate was revoked before any proof of time is blocked, and says what to do", async ({
  page,
  office,
}) => {
  office.services("down");
  await openDesk(page, office);
  await openTray(page);
  await markFirst(page, 1);
  await typePin(await startBatch(page), PIN);
  await reported(page, 1, 0);
  await closeReport(page);
  await page.getByTestId("nav-sync").click();
  const entry = page.getByTestId("completion-entry").first();
  await expect(entry).toHaveAttribute("data-level", "B-B");
  office.services("revoke");
  office.services("up");
  await page.getByTestId("completion-retry-all").click();
  await expect(entry).toHaveAttribute("data-state", "blocked");
  await expect(entry).toContainText("không được phát hành");
  await expect(entry).toContainText("ký lại bằng chứng thư khác");
  await expect(entry.getByTestId("completion-retry")).toHaveCount(0);
  await photograph(page, "bi-chan-dong-bo");

  await entry.getByRole("button").first().click();
  const message = page.getByTestId("error-message");
  await expect(message).toHaveAttribute("data-code", "DOCUMENT_BLOCKED");
  await expect(message).toContainText("lập bản mới");
  await expect(page.getByTestId("sign-open")).toHaveCount(0);
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await photograph(page, "bi-chan-van-ban");
  await look(page, office, "dark");
  await photograph(page, "bi-chan-van-ban-toi");
  await page.getByTestId("nav-sync").click();
  await expect(entry).toBeVisible();
  await photograph(page, "bi-chan-dong-bo-toi");
  await look(page, office, "light");

  // The same token signs nothing any more, and says why before anyone types a PIN.
  await openTray(page);
  await markFirst(page, 1);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("batch-panel")).toContainText("thu hồi");
  await expect(page.getByTestId("batch-sign")).toBeDisabled();
  await photograph(page, "bi-chan-token");
});
