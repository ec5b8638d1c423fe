import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arrive, everyLook } from "./desks";
import { CLERK, expect, test } from "./office";
import { photograph } from "./photograph";

test.use({ setup: { own: "registers" } });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "congvan-so-"));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the registers are chosen by keyboard; the handling is followed, narrowed, shown and taken out in chosen columns", async ({
  page,
  office,
}) => {
  test.slow();
  await arrive(page, office, CLERK, "incoming");
  await page.keyboard.press("Control+5");
  const lines = page.getByTestId("book-line");
  await expect(lines.first()).toBeVisible();

  await page.getByRole("radio", { name: "Đến", exact: true }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("book-outgoing")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sổ văn bản đi");
  await photograph(page, "so-di-trong");
  await page.getByRole("radio", { name: "Đi", exact: true }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("book-tracking")).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveCount(7);
  await expect(lines.first()).toBeVisible();
  await everyLook(page, office, "so-theo-doi");

  const progress = page.getByTestId("book-progress");
  await progress.selectOption("overdue");
  await expect(lines.filter({ hasNotText: "Quá hạn" })).toHaveCount(0);
  await progress.selectOption("");
  await expect(lines.first()).toBeVisible();

  await page.getByTestId("book-columns").click();
  await page.getByTestId("book-column-reply").click();
  await expect(page.getByTestId("book-column-reply")).toHaveAttribute("aria-checked", "false");
  await photograph(page, "so-theo-doi-cot");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await expect(page.getByRole("columnheader")).toHaveCount(6);
  for (const [button, begins] of [
    ["book-pdf", "%PDF-"],
    ["book-xlsx", "PK"],
  ] as const) {
    const coming = page.waitForEvent("download");
    await page.getByTestId(button).click();
    const path = join(folder, button);
    await (await coming).saveAs(path);
    expect(readFileSync(path).subarray(0, begins.length).toString("latin1")).toBe(begins);
  }
  // What was chosen is remembered, and one choice brings the decree's columns back.
  await page.reload();
  await page.keyboard.press("Control+5");
  await expect(page.getByTestId("book-incoming")).toBeVisible();
  await page.getByRole("radio", { name: "Theo dõi" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(6);
  await page.getByTestId("book-columns").click();
  await page.getByTestId("book-columns-decree").click();
  await expect(page.getByRole("columnheader")).toHaveCount(7);
});
