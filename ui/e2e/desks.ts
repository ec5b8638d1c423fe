import type { Page } from "@playwright/test";
import { ask } from "./inbox";
import { expect, type Office, openFrame, settled } from "./office";
import { photograph } from "./photograph";

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

/** A person's first sitting at a fresh desk: everything is pulled, and a section is open. */
export async function arrive(
  page: Page,
  office: Office,
  who: Who,
  section: "incoming" | "outgoing",
): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openFrame(page, office, who);
  await page.getByTestId(`nav-${section}`).click();
  await settled(page, office);
}

/** Chooses a draft's file in the chooser that its button opens. */
export async function choose(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("draft-choose").click();
  await (await chooser).setFiles(path);
}

/** Waits until what is open may be acted on so at this desk. */
export async function waitsFor(page: Page, office: Office, act: string): Promise<void> {
  await ask(page, office, "sync_now", {});
  await expect(page.getByTestId(`act-${act}`)).toBeVisible({ timeout: 60_000 });
}

/** Another person sits down at the desk; everything is sent and pulled before and after. */
export async function sit(
  page: Page,
  office: Office,
  who: Who,
  section: "incoming" | "outgoing" = "incoming",
): Promise<void> {
  await page.setViewportSize(FULL);
  await ask(page, office, "switch_user", {});
  await arrive(page, office, who, section);
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

/** Photographs what is open in every look of the desk: 1366×768, 125 %, dark, English. */
export async function everyLook(page: Page, office: Office, name: string): Promise<void> {
  await photograph(page, name);
  await page.setViewportSize(SMALL);
  await photograph(page, `${name}-125`);
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "vi");
  await photograph(page, `${name}-toi`);
  await look(page, office, "light", "en");
  await photograph(page, `${name}-en`);
  await look(page, office, "light", "vi");
}
