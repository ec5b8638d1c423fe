import { join, resolve } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const FOLDER = resolve(import.meta.dirname, "../../target/reports/photographs");

/** Leaves a photograph of a screen for the eye, and has it checked for accessibility. */
export async function photograph(page: Page, name: string): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await hasNoAccessibilityFaults(page);
}

export async function hasNoAccessibilityFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)).toEqual([]);
}
