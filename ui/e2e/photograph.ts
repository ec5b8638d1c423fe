import { join, resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const FOLDER = resolve(import.meta.dirname, "../../target/reports/photographs");

/** Leaves a photograph of a screen for the eye, and has it checked for accessibility. */
export async function photograph(page: Page, name: string): Promise<void> {
  await take(page, name);
  await hasNoAccessibilityFaults(page);
}

/** Leaves a photograph of a screen for the eye. */
export async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

export async function hasNoAccessibilityFaults(page: Page): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
}

/** What axe finds, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`);
}
