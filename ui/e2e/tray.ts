import { expect, type Page } from "@playwright/test";
import { closingItself, type Office, PIN } from "./office";

/** Opens the tray and waits until its first document is on the screen. */
export async function openTray(page: Page): Promise<void> {
  await page.getByTestId("nav-to_sign").click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
}

/** Reads the shown document to its end, as a person would: screen after screen. */
export async function readToTheEnd(page: Page): Promise<void> {
  const line = page.getByTestId("tray-reading");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  let looks = 0;
  await expect(async () => {
    const [, read, count] = /Đã xem (\d+)\/(\d+)/.exec((await line.textContent()) ?? "") ?? [];
    // The first look is at the head of the first page.
    if (read !== count && looks++ > 0) await page.keyboard.press("PageDown");
    expect(count).toBeDefined();
    expect(read).toBe(count);
  }).toPass({ intervals: [500], timeout: 40_000 });
}

/** Reads and marks that many documents from the top of the tray. */
export async function markFirst(page: Page, count: number): Promise<void> {
  const rows = page.getByTestId("document-row");
  for (let i = 0; i < count; i++) {
    if (i > 0) await page.keyboard.press("j");
    const row = page.locator('[role="option"][aria-selected="true"]');
    await expect(row).toHaveAttribute("aria-posinset", String(i + 1));
    if ((await row.getAttribute("data-marked")) === "true") continue;
    await readToTheEnd(page);
    await page.keyboard.press("Space");
    await expect(row).toHaveAttribute("data-marked", "true");
  }
  await expect(rows.first()).toBeVisible();
}

/** Starts signing what is marked and answers with the PIN window. */
export async function startBatch(page: Page): Promise<Page> {
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("batch-sign")).toBeEnabled();
  const opened = page.context().waitForEvent("page");
  await page.getByTestId("batch-sign").click();
  return await opened;
}

/** Goes on with a batch that stopped; answers with the PIN window. */
export async function resumeBatch(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent("page");
  await page.getByTestId("batch-resume").click();
  return await opened;
}

/** Types into the PIN window and hands over. */
export async function typePin(pin: Page, text: string = PIN): Promise<void> {
  await pin.getByTestId("pin-input").fill(text);
  await closingItself(() => pin.keyboard.press("Enter"));
}

/** What the report counts: signed, not signed, untouched. */
export async function reported(page: Page, signed: number, untouched: number): Promise<void> {
  const report = page.getByTestId("batch-report");
  await expect(report).toBeVisible({ timeout: 60_000 });
  await expect(report).toHaveAttribute("data-signed", String(signed));
  await expect(report).toHaveAttribute("data-untouched", String(untouched));
}

/** Closes the report; nothing of it stays on the screen. */
export async function closeReport(page: Page): Promise<void> {
  await page.getByTestId("batch-dismiss").click();
  await expect(page.getByTestId("batch-panel")).toBeHidden();
}

/** How many documents wait in the tray, as the core says. */
export async function waiting(page: Page, office: Office): Promise<number> {
  const data = { marked_only: false, search: "", after: null, limit: 1 };
  const answer = await page.request.post(`${office.url}/ipc/signing_tray`, { data });
  return ((await answer.json()) as { total: number }).total;
}
