import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Page } from "@playwright/test";
import type { Commands } from "../src/generated/commands";
import { CLERK, expect, type Office, openFrame } from "./office";

/** Asks the core behind the window. */
export async function ask<N extends keyof Commands>(
  page: Page,
  office: Office,
  name: N,
  args: Commands[N]["args"],
): Promise<Commands[N]["result"]> {
  const answer = await page.request.post(`${office.url}/ipc/${name}`, { data: args });
  return (await answer.json()) as Commands[N]["result"];
}

/** Opens the clerk's inbox of scans. */
export async function openInbox(page: Page, office: Office): Promise<void> {
  // What is photographed is not caught half way between two colours.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openFrame(page, office, CLERK);
  await page.keyboard.press("Control+4");
  await expect(page.getByTestId("nav-scan")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("intake-now")).toBeVisible();
}

/** Drops files on the window, as from a file manager. */
export async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const files = paths.map((path) => ({
    name: basename(path),
    bytes: readFileSync(path).toString("base64"),
  }));
  await page.evaluate((given) => {
    const carried = new DataTransfer();
    for (const { name, bytes } of given) {
      const binary = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
      carried.items.add(new File([binary], name));
    }
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }),
      );
    }
  }, files);
}

/** Waits until that many letters wait for a person and nothing is being copied or read. */
export async function readyToConfirm(page: Page, office: Office, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { counts } = await ask(page, office, "intake_list", {
          states: [],
          offset: 0,
          limit: 1,
        });
        return `${counts.ready} ready, ${counts.reading} to read, ${counts.copying} to copy`;
      },
      { timeout: 120_000 },
    )
    .toBe(`${count} ready, 0 to read, 0 to copy`);
}

/** Confirms the letter that is shown with Enter alone; answers how many keys it took. */
export async function confirmShown(page: Page): Promise<number> {
  const pane = page.getByTestId("letter-pane");
  await expect(pane).toBeVisible();
  const first = await where(page);
  const isConfirmed = (now: Where) =>
    now.letter !== first.letter || now.confirmed !== first.confirmed;
  for (let keys = 1; keys <= 9; keys++) {
    await expect(pane.locator(":focus")).toBeVisible();
    const before = await where(page);
    await page.keyboard.press("Enter");
    // Enter led to another field, or to another letter; while it is confirmed nothing has the focus.
    await expect
      .poll(async () => {
        const now = await where(page);
        return isConfirmed(now) || (now.focus !== null && now.focus !== before.focus);
      })
      .toBe(true);
    // A letter that was just confirmed may still stand there for a moment, its form with the focus.
    if (!isConfirmed(await where(page))) continue;
    await expect.poll(async () => (await where(page)).letter).not.toBe(first.letter);
    return keys;
  }
  throw new Error("Enter accepts nothing");
}

interface Where {
  letter: string | null;
  focus: string | null;
  /** How many letters are confirmed, in the words of the button that registers them. */
  confirmed: string | null;
}

/** The letter that is shown and the element that has the focus. */
async function where(page: Page): Promise<Where> {
  return page.evaluate(() => {
    const pane = document.querySelector<HTMLElement>('[data-testid="letter-pane"]');
    return {
      letter: pane?.dataset.letter ?? null,
      focus: (document.activeElement as HTMLElement | null)?.dataset.testid ?? null,
      confirmed: document.querySelector('[data-testid="register-open"]')?.textContent ?? null,
    };
  });
}
