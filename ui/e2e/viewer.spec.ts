import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, type Office, openDesk, settled, test } from "./office";
import { hasNoAccessibilityFaults, photograph } from "./photograph";

test.use({ setup: { own: "viewer" } });

async function ask<T>(page: Page, office: Office, name: string, args: object): Promise<T> {
  const answer = await page.request.post(`${office.url}/ipc/${name}`, { data: args });
  return (await answer.json()) as T;
}

const remember = (page: Page, office: Office, key: string, value: string) =>
  ask(page, office, "setting_set", { key, value });

/** Opens the desk at a document of several pages, in all incoming documents, as a fresh reader. */
async function openLong(page: Page, office: Office): Promise<{ id: string; pages: number }> {
  await openDesk(page, office);
  await settled(page, office);
  const fresh = { "viewer.zoom": "fit", "viewer.strip": "0", "panel.open": "0", theme: "light" };
  for (const [key, value] of Object.entries(fresh)) await remember(page, office, key, value);
  await page.getByTestId("view-incoming_all").click();
  const rows = page.getByTestId("document-row");
  await expect(rows.first()).toHaveAttribute("data-id", /.+/);
  for (const row of await rows.all()) {
    const id = (await row.getAttribute("data-id")) ?? "";
    const { files } = await ask<{ files: { head: string; media_type: string }[] }>(
      page,
      office,
      "document_get",
      { id },
    );
    const sha256 = files[0]?.head;
    if (files[0]?.media_type !== "application/pdf" || sha256 === undefined) continue;
    const opened = await ask<{ pages?: unknown[] }>(page, office, "file_open", { sha256 });
    const pages = opened.pages?.length ?? 0;
    if (pages < 2) continue;
    await row.click();
    await expect(page.getByTestId("page-image-0")).toBeVisible();
    return { id, pages };
  }
  throw new Error("no document has several pages");
}

test("small pages mark the one that is read, go by keys, and stay open for the next document", async ({
  page,
  office,
}) => {
  const { pages } = await openLong(page, office);
  await page.locator("[data-viewer]").focus();
  await page.keyboard.press("t");
  const strip = page.getByTestId("thumbnails");
  await expect(strip).toBeVisible();
  await expect(page.getByTestId("thumbnail-0")).toHaveAttribute("aria-selected", "true");
  await strip.focus();
  await page.keyboard.press("End");
  await expect(page.getByTestId(`thumbnail-${pages - 1}`)).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId(`page-image-${pages - 1}`)).toBeInViewport();
  await expect(page.getByTestId("page-number")).toHaveValue(String(pages));
  await photograph(page, "viewer-strip");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-viewer]")).toBeFocused();
  await page.keyboard.press("g");
  await expect(page.getByTestId("page-number")).toBeFocused();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("thumbnail-0")).toHaveAttribute("aria-selected", "true");
  await page.reload();
  await expect(page.getByTestId("document-list")).toBeVisible();
  await page.getByTestId("document-row").first().click();
  await expect(page.getByTestId("thumbnails")).toBeVisible();
});

test("a page fits by its width or as a whole, has its real size, and turns only on the screen", async ({
  page,
  office,
}) => {
  await openLong(page, office);
  await page.locator("[data-viewer]").focus();
  const sheet = page.locator('section[aria-label^="Trang 1 /"]');
  const room = await page.locator("[data-viewer]").boundingBox();
  const size = async () => {
    const box = await sheet.boundingBox();
    return { width: box?.width ?? 0, height: box?.height ?? 0 };
  };
  await page.keyboard.press("2");
  await expect.poll(async () => (await size()).height).toBeLessThanOrEqual(room?.height ?? 0);
  const whole = await size();
  await page.keyboard.press("1");
  await expect.poll(async () => Math.round((await size()).width)).toBe(794);
  await page.getByTestId("zoom-menu").click();
  await expect(page.getByTestId("zoom-actual")).toHaveAttribute("aria-checked", "true");
  await page.getByTestId("zoom-page").click();
  await expect.poll(async () => Math.round((await size()).height)).toBe(Math.round(whole.height));
  await page.locator("[data-viewer]").focus();
  await page.keyboard.press("r");
  await expect
    .poll(async () => {
      const now = await size();
      return now.width > now.height;
    })
    .toBe(true);
  await expect(page.getByTestId("page-text-0")).toContainText("CỘNG HÒA");
  const picture = page.getByTestId("page-image-0");
  await picture.evaluate((image: HTMLImageElement) => image.decode());
  await photograph(page, "viewer-turned");
  await page.keyboard.press("Shift+R");
  await expect.poll(async () => Math.round((await size()).height)).toBe(Math.round(whole.height));
});

test("Ctrl+F finds words without their marks on all pages, lights them and goes around", async ({
  page,
  office,
}) => {
  const { pages } = await openLong(page, office);
  // The focus is in the list: the open document is searched all the same.
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+f");
  await expect(page.getByTestId("find-field")).toBeFocused();
  await page.keyboard.type("cong hoa xa hoi");
  await expect(page.getByTestId("find-count")).toHaveText(/^1\/\d+$/);
  const lit = page.getByTestId("find-current").first();
  await expect(lit).toBeInViewport();
  // What is lit lies on the words themselves.
  const word = page.getByTestId("page-text-0").getByText("CỘNG", { exact: false }).first();
  const [at, where] = [await lit.boundingBox(), await word.boundingBox()];
  expect(Math.abs((at?.x ?? 0) - (where?.x ?? 999))).toBeLessThan(4);
  expect(Math.abs((at?.y ?? 0) - (where?.y ?? 999))).toBeLessThan(4);
  await photograph(page, "viewer-find");

  await page.getByTestId("find-field").fill("an");
  const all = async () => {
    const text = (await page.getByTestId("find-count").textContent()) ?? "";
    return /^\d+\/\d+$/.test(text) ? Number(text.split("/")[1]) : 0;
  };
  await expect.poll(all).toBeGreaterThan(2);
  const count = await all();
  await page.keyboard.press("Shift+Enter");
  await expect(page.getByTestId("find-count")).toHaveText(`${count}/${count}`);
  await expect(page.getByTestId("find-current").first()).toBeInViewport();
  await expect(page.getByTestId("page-number")).toHaveValue(String(pages));
  await page.keyboard.press("F3");
  await expect(page.getByTestId("find-count")).toHaveText(`1/${count}`);

  await page.getByTestId("find-field").fill("khong co chu nay");
  await expect(page.getByTestId("find-count")).toHaveText("Không thấy");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("find-bar")).toBeHidden();
  await expect(page.locator("[data-viewer]")).toBeFocused();
});

test("the printed copy is A4, has every page, and says at its foot what it is", async ({
  page,
  office,
}) => {
  await page.addInitScript(() => {
    window.print = () => document.documentElement.setAttribute("data-given", "yes");
  });
  const { id, pages } = await openLong(page, office);
  const detail = await ask<{ row: { notation: string }; files: { head: string }[] }>(
    page,
    office,
    "document_get",
    { id },
  );
  await page.locator("[data-viewer]").focus();
  await page.keyboard.press("Control+p");
  await expect(page.getByTestId("print-dialog")).toBeVisible();
  await photograph(page, "viewer-print");
  await page.getByTestId("print-start").click();
  await expect(page.locator("html")).toHaveAttribute("data-given", "yes");
  await expect(page.getByTestId("print-stage")).toContainText("Đã mở hộp in");

  const folder = mkdtempSync(join(tmpdir(), "congvan-print-"));
  const paper = join(folder, "ban-in.pdf");
  writeFileSync(paper, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  const info = execFileSync("pdfinfo", [paper], { encoding: "utf8" });
  expect(info).toMatch(new RegExp(`Pages:\\s+${pages}\\n`));
  expect(info).toMatch(/Page size:\s+59[45][^\n]*84[12]/);
  const sheets = execFileSync("pdftotext", ["-layout", paper, "-"], { encoding: "utf8" })
    .normalize("NFC")
    .split("\f")
    .slice(0, pages);
  sheets.forEach((sheet, i) => {
    expect(sheet).toContain(`BẢN IN TỪ VĂN BẢN ĐIỆN TỬ số ${detail.row.notation}`);
    expect(sheet).toContain(`Trang ${i + 1}/${pages}`);
    expect(sheet).toContain(`Người in:`);
    expect(sheet).toContain(`Mã tệp ${detail.files[0]?.head.slice(0, 12).toUpperCase()}`);
  });
  // The page itself is there: a picture for each sheet.
  const pictures = execFileSync("pdfimages", ["-list", paper], { encoding: "utf8" });
  expect(pictures.split("\n").filter((line) => / image /.test(line)).length).toBe(pages);
  rmSync(folder, { recursive: true });
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("print-dialog")).toBeHidden();
  await expect(page.getByTestId("print-sheets")).toHaveCount(0);
});

test("two documents stand side by side, scroll together or freely, and Escape ends it", async ({
  page,
  office,
}) => {
  await openLong(page, office);
  await remember(page, office, "compare.tied", "1");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("c");
  await expect(page.getByTestId("compare-hold")).toBeVisible();
  await hasNoAccessibilityFaults(page);
  const selected = page.locator('[role="option"][aria-selected="true"]');
  const at = Number(await selected.getAttribute("aria-posinset"));
  await page.keyboard.press(at === 1 ? "j" : "k");
  const both = page.getByTestId("compare").locator("[data-viewer]");
  await expect(both).toHaveCount(2);
  await expect(page.getByTestId("compare").getByTestId("page-image-0")).toHaveCount(2);
  await photograph(page, "viewer-compare");
  const tops = () => both.evaluateAll((all) => all.map((one) => Math.round(one.scrollTop)));
  await both.nth(1).evaluate((one) => {
    one.scrollTop = 10;
  });
  await expect.poll(tops).toEqual([10, 10]);
  await page.getByTestId("compare-tied").click();
  await both.nth(0).evaluate((one) => {
    one.scrollTop = 4;
  });
  await expect.poll(tops).toEqual([4, 10]);

  await page.setViewportSize({ width: 1093, height: 614 });
  await page.getByTestId("compare-list").click();
  await photograph(page, "viewer-compare-125");
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth > window.innerWidth,
  );
  expect(overflow).toBe(false);
  await page.getByTestId("compare-list").click();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("compare")).toBeHidden();
});

test("the reader's tools fit at 125 %, in the dark and in English", async ({ page, office }) => {
  await page.setViewportSize({ width: 1093, height: 614 });
  await openLong(page, office);
  await remember(page, office, "viewer.strip", "1");
  await expect(page.getByTestId("thumbnails")).toBeVisible();
  await page.keyboard.press("Control+f");
  await page.getByTestId("find-field").fill("an");
  await expect(page.getByTestId("find-count")).toHaveText(/^\d+\/\d+$/);
  await photograph(page, "viewer-125");
  for (const id of ["strip-toggle", "zoom-menu", "find-open", "print-open", "compare-start"]) {
    await expect(page.getByTestId(id)).toBeInViewport({ ratio: 1 });
  }
  await remember(page, office, "theme", "dark");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await photograph(page, "viewer-dark");
  await remember(page, office, "language", "en");
  await expect(page.getByTestId("find-bar")).toHaveAttribute("aria-label", "Find in document");
  await page.setViewportSize({ width: 1366, height: 768 });
  await photograph(page, "viewer-english");
  await remember(page, office, "language", "vi");
  await remember(page, office, "theme", "light");
  await remember(page, office, "viewer.strip", "0");
});

test("a letter that the pointer rested on is there at once, and counts as read only when it is", async ({
  page,
  office,
}) => {
  await openLong(page, office);
  const told: string[] = [];
  page.on("request", (request) => {
    const isTold = /document_opened|page_seen|print_mark/.test(request.url());
    if (isTold) told.push(request.postData() ?? "");
  });
  // One whose file is here and can be shown, and that neither is read nor lies beside what is.
  const rows = await ask<{ rows: { id: string; unread: boolean }[] }>(
    page,
    office,
    "documents_list",
    { view: "incoming_all", search: "", after: null, skip: 0, limit: 8 },
  );
  const at = Number(
    await page.locator('[role="option"][aria-selected="true"]').getAttribute("aria-posinset"),
  );
  const far = rows.rows.findIndex(({ unread }, i) => unread && Math.abs(i + 1 - at) > 1);
  const id = rows.rows[far]?.id ?? "";
  const { files } = await ask<{ files: { head: string }[] }>(page, office, "document_get", { id });
  const drawn = page.waitForResponse((answer) => answer.url().includes(`/${files[0]?.head}/0?w=`));
  const row = page.locator(`[data-testid=document-row][data-id="${id}"]`);
  await row.hover();
  const url = new URL((await drawn).url());
  await expect(row).toContainText("chưa đọc");
  expect(told.filter((one) => one.includes(id))).toEqual([]);
  await row.click();
  await expect(page.getByTestId("page-image-0")).toHaveAttribute("src", url.pathname + url.search);
  await expect(row).not.toContainText("chưa đọc");
});
