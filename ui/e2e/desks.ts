import type { Page } from "@playwright/test";
import { ask } from "./inbox";
import { expect, type Office, openFrame, settled } from "./office";

/** 1366×768 at 125 %. */
export const SMALL = { width: 1093, height: 614 };
export const FULL = { width: 1366, height: 768 };

export interface Who {
  readonly username: string;
  readonly password: string;
}
/** An official of the economic section. */
export const OFFICIAL: Who = { username: "chuyenvien", password: "ChuyenVien@2026" };
/** The head of the economic section. */
export const HEAD: Who = { username: "truongphong", password: "TruongPhong@2026" };

/** Another person sits down at the desk; everything is sent and pulled before and after. */
export async function sit(
  page: Page,
  office: Office,
  who: Who,
  section: "incoming" | "outgoing" = "incoming",
): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(FULL);
  await ask(page, office, "switch_user", {});
  await openFrame(page, office, who);
  await page.getByTestId(`nav-${section}`).click();
  await settled(page, office);
  await ask(page, office, "sync_now", {});
}

/** Waits until the server has everything. */
export async function sent(page: Page, office: Office): Promise<void> {
  await expect
    .poll(async () => (await ask(page, office, "sync_status", {})).unsent, { timeout: 60_000 })
    .toBe(0);
}

export async function look(
  page: Page,
  office: Office,
  theme: string,
  language: string,
): Promise<void> {
  await ask(page, office, "setting_set", { key: "theme", value: theme });
  await ask(page, office, "setting_set", { key: "language", value: language });
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
}
