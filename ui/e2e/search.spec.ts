import type { Page } from "@playwright/test";
import { everyLook, FULL, SMALL } from "./desks";
import { ask } from "./inbox";
import { expect, type Office, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial", timeout: 300_000 });

const NOTHING = { direction: "", kind: "", issuer: "", year: "", state: "", urgency: "" };

async function find(page: Page, office: Office, text: string) {
  const args = { text, narrow: NOTHING, order: "newest", skip: 0, limit: 50 } as const;
  return await ask(page, office, "search_find", args);
}

/** How far rows lie over one another or apart, in CSS pixels: the worst. */
async function unevenness(page: Page): Promise<number> {
  return await page.getByTestId("found-row").evaluateAll((rows) => {
    const boxes = rows.map((row) => row.getBoundingClientRect()).sort((a, b) => a.top - b.top);
    const gaps = boxes.slice(1).map((box, at) => Math.abs(box.top - (boxes[at]?.bottom ?? 0)));
    return Math.max(0, ...gaps);
  });
}

/** Types into the search and waits until the rows are those of what was typed. */
async function look(page: Page, text: string): Promise<void> {
  await page.getByTestId("search").fill(text);
  await expect(page.getByTestId("found-frame")).toHaveAttribute("data-text", text);
}

test("a clerk finds by the office's own words, narrows, keeps the search and takes the list out", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  await settled(page, office);
  await page.keyboard.press("Control+8");
  await expect(page.getByTestId("nav-search")).toHaveAttribute("aria-current", "page");
  await expect(page.getByTestId("search-guide")).toBeVisible();
  await everyLook(page, office, "tra-cuu-cach-tim");

  // An example that is pressed stands in the field and is looked for.
  const example = page.getByTestId("search-example").nth(6);
  const typed = (await example.textContent()) ?? "";
  await example.click();
  await expect(page.getByTestId("found-frame")).toHaveAttribute("data-text", typed);
  await expect(page.getByTestId("search")).toHaveValue(typed);
  await expect(page.getByTestId("understood")).toContainText("Quyết định");

  // Rows of other heights take the places of those before, with and without words of their pages.
  for (const text of ["van ban", "ke hoach", "nam 2026", "ke hoach nam", "ke hoach"]) {
    await look(page, text);
    await expect.poll(async () => await unevenness(page)).toBeLessThan(1);
  }
  await expect(page.getByTestId("excerpt").first()).toBeVisible();
  await expect.poll(async () => await unevenness(page)).toBeLessThan(1);

  // The budget stands in the letter alone: its files are read in the background after they have come.
  await look(page, "co quan: tai chinh, ngan sach");
  await expect(page.getByTestId("understood")).toContainText("Cơ quan: tai chinh");
  const table = page.getByTestId("found");
  await expect(page.getByTestId("found-row").first()).toContainText("Sở Tài chính");
  await expect(page.getByTestId("found-row").first().locator("mark").first()).toBeVisible();
  await everyLook(page, office, "tra-cuu-ket-qua");

  // Narrowed by what is counted: as many are left as the chip said.
  await look(page, "tai chinh");
  const all = Number(await table.getAttribute("data-total"));
  const chip = page.getByTestId("facet-kind").first();
  await expect(chip).toBeVisible();
  const count = Number(await chip.locator("span").last().textContent());
  expect(count).toBeLessThan(all);
  await chip.focus();
  await page.keyboard.press("Enter");
  await expect(table).toHaveAttribute("data-total", String(count));
  await expect(page.getByTestId("facet-kind").first()).toHaveAttribute("aria-pressed", "true");

  // Kept under a name with what it finds.
  await page.getByTestId("search-save").click();
  await page.getByTestId("save-name").fill("Của Sở Tài chính");
  await photograph(page, "tra-cuu-luu");
  await page.getByTestId("save-confirm").click();
  await expect(page.getByTestId("save-dialog")).toHaveCount(0);
  const saved = page.getByTestId("saved-search");
  await expect(saved).toHaveText(`Của Sở Tài chính${count}`);
  await page.getByTestId("facets-clear").click();
  await expect(table).toHaveAttribute("data-total", String(all));
  await saved.click();
  await expect(table).toHaveAttribute("data-total", String(count));

  // Another column, which is remembered.
  await page.getByTestId("search-columns").click();
  await page.getByRole("menuitemcheckbox", { name: "Người ký" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Người ký" })).toBeVisible();

  // What is not understood is told, and nothing is an error.
  await look(page, "năm:xyz");
  await expect(page.getByTestId("not-understood")).toContainText("năm: xyz");
  await photograph(page, "tra-cuu-khong-hieu");

  for (const [format, magic] of [
    ["PDF", "%PDF"],
    ["XLSX", "PK"],
  ] as const) {
    const query = { text: "tai chinh", narrow: NOTHING, order: "best", skip: 0, limit: 0 } as const;
    const columns = ["notation", "issued", "issuer", "subject", "signer"] as const;
    const made = await ask(page, office, "search_export", {
      query,
      columns: [...columns],
      format,
      narrowed: "",
    });
    const bytes = await page.request.get(`${office.url}/page/export/${made.id}`);
    expect((await bytes.body()).subarray(0, magic.length).toString()).toBe(magic);
  }
});

test("words that stand on pages alone find their document, and it is opened where they stand", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  await settled(page, office);
  const text = 'nội dung:"nơi nhận"';
  // Files are read in the background after they have come.
  await expect
    .poll(async () => (await find(page, office, text)).total, { timeout: 200_000 })
    .toBeGreaterThan(5);
  await page.getByTestId("nav-search").click();
  await look(page, text);
  await expect(page.getByTestId("excerpt").first()).toContainText("Trong văn bản:");
  await page.getByTestId("search").press("ArrowDown");
  await expect(page.getByTestId("found")).toBeFocused();
  await page.keyboard.press("Enter");
  const bar = page.getByTestId("find-bar");
  await expect(bar).toBeVisible();
  await expect(page.getByTestId("find-count")).toContainText("/");
  await expect(page.getByTestId("find-current").first()).toBeVisible();
  await photograph(page, "tra-cuu-mo-van-ban");
  await page.setViewportSize(SMALL);
  await photograph(page, "tra-cuu-mo-van-ban-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("search-back").click();
  await expect(page.getByTestId("found")).toBeFocused();
});
