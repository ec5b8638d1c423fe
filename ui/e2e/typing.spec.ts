import type { CDPSession, Page } from "@playwright/test";
import { ask } from "./inbox";
import { expect, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial", timeout: 120_000 });

/** Composes a syllable letter by letter, as an input method does, and leaves it open. */
async function compose(cdp: CDPSession, steps: readonly string[]): Promise<void> {
  for (const text of steps) {
    await cdp.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  }
}

/** Ends the syllable: the text comes once, in place of what was composed. */
async function commit(cdp: CDPSession, text: string): Promise<void> {
  await cdp.send("Input.insertText", { text });
}

/** A key that the input method has taken: the page hears of it, but it is not its own. */
async function taken(page: Page, key: string, ctrlKey = false): Promise<void> {
  await page.evaluate(
    (init) => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", init)),
    { key, ctrlKey, keyCode: 229, bubbles: true, cancelable: true },
  );
}

/** Telex as Windows tools type it: the letters go back by Backspace and come again with their marks,
 * with no pause between the keys. */
async function retype(page: Page, word: string, steps: ReadonlyArray<readonly [number, string]>) {
  await page.keyboard.type(word);
  for (const [back, letters] of steps) {
    for (let i = 0; i < back; i += 1) await page.keyboard.press("Backspace");
    await page.keyboard.insertText(letters);
  }
}

test("a syllable that is still composed is looked for, and its keys do nothing else", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await page.getByTestId("view-incoming_all").click();
  const cdp = await page.context().newCDPSession(page);
  const search = page.getByTestId("search");
  const rows = page.getByTestId("document-row");
  await search.focus();
  await commit(cdp, "đầu tư ");
  await compose(cdp, ["c", "co", "cô", "côn", "công"]);
  await expect(search).toHaveValue("đầu tư công");
  await expect(rows.first()).toContainText("đầu tư công");
  await taken(page, "Enter");
  await taken(page, "Escape");
  await taken(page, "k", true);
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("đầu tư công");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await commit(cdp, "công");
  await expect(search).toHaveValue("đầu tư công");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("document-list")).toBeFocused();
  await expect(search).toHaveValue("đầu tư công");
});

test("a completion follows the syllable that is composed and is taken when it has ended", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  const cdp = await page.context().newCDPSession(page);
  await page.keyboard.press("Control+d");
  const kind = page.getByTestId("draft-kind");
  await expect(kind).toBeVisible();
  await kind.fill("");
  await kind.focus();
  await compose(cdp, ["t", "tờ"]);
  await expect(page.getByRole("option", { name: "Tờ trình" })).toBeVisible();
  await taken(page, "ArrowDown");
  await taken(page, "Enter");
  await expect(kind).toHaveAttribute("aria-expanded", "true");
  await expect(kind).not.toHaveAttribute("aria-activedescendant", /.+/);
  await commit(cdp, "tờ");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(kind).toHaveValue("Tờ trình");

  // A field that is left in the middle of a syllable keeps it.
  const subject = page.getByTestId("draft-subject");
  await subject.focus();
  await compose(cdp, ["r", "rà", "rà soát"]);
  await page.getByTestId("draft-symbol").focus();
  await expect(subject).toHaveValue("rà soát");
  await expect(page.getByTestId("draft-symbol")).toHaveValue("");
});

test("letters that go back by Backspace and come again arrive whole in every field", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  const search = page.getByTestId("search");
  const rows = page.getByTestId("document-row");
  await page.getByTestId("view-incoming_all").click();
  await search.focus();
  await retype(page, "dd", [[2, "đ"]]);
  await retype(page, "aa", [[2, "â"]]);
  await retype(page, "uf", [[3, "ầu"]]);
  await page.keyboard.type(" ");
  await retype(page, "tuw", [[2, "ư"]]);
  await page.keyboard.type(" ");
  await retype(page, "coo", [[2, "ô"]]);
  await page.keyboard.type("ng");
  await expect(search).toHaveValue("đầu tư công");
  await expect(rows.first()).toContainText("đầu tư công");

  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette-text")).toBeFocused();
  await retype(page, "soo", [[2, "ô"]]);
  await retype(page, "r", [[2, "ổ"]]);
  await page.keyboard.type(" v");
  await retype(page, "aw", [[2, "ă"]]);
  await page.keyboard.type("n");
  await expect(page.getByTestId("palette-text")).toHaveValue("sổ văn");
  await expect(page.getByTestId("palette-option").first()).toContainText("Sổ văn bản");
  await photograph(page, "go-lui-bang-lenh");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("palette")).toHaveCount(0);

  await rows.first().click();
  await page.getByTestId("tab-opinions").click();
  const opinion = page.getByTestId("opinion-text");
  await opinion.focus();
  await retype(page, "Chir", [[2, "ỉ"]]);
  await page.keyboard.type(" ");
  await retype(page, "ddaoj", [[5, "đạo"]]);
  await page.keyboard.press("Control+Enter");
  await expect(opinion).toHaveValue("");
  await expect(page.getByTestId("opinion-item").filter({ hasText: "Chỉ đạo" })).toHaveCount(1);
  const id = (await rows.first().getAttribute("data-id")) ?? "";
  const detail = await ask(page, office, "document_get", { id });
  expect(JSON.stringify(detail)).toContain("Chỉ đạo".normalize("NFC"));
});
