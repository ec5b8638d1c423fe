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
  await page.evaluate(settle);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
}

/** Runs in the page: what moves has come to rest, pages in sight are drawn, and it is painted. */
async function settle(): Promise<void> {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const isInSight = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  };
  const isWaiting = () =>
    [...document.querySelectorAll('[data-testid="page-waiting"]')].some(isInSight);
  while (isWaiting()) await frame();
  const moving = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
  // What was taken away meanwhile neither comes to rest nor is decoded.
  const gone = () => undefined;
  await Promise.all(moving.map(({ finished }) => finished.catch(gone)));
  await Promise.all([...document.images].filter(isInSight).map((img) => img.decode().catch(gone)));
  await frame();
  await frame();
}

/** Asked again when it has come to rest: half way between two looks colours are those of neither. */
export async function hasNoAccessibilityFaults(page: Page): Promise<void> {
  const first = await accessibilityFaults(page);
  if (first.length === 0) return;
  await page.evaluate(settle);
  expect(await accessibilityFaults(page)).toEqual([]);
}

/** What axe finds, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`);
}
