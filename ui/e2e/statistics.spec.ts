import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { arrive, everyLook, FULL, OFFICIAL, SMALL, sit } from "./desks";
import { ask } from "./inbox";
import { CLERK, expect, test } from "./office";
import { hasNoAccessibilityFaults, photograph } from "./photograph";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "statistics", seed: "full" } });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "congvan-thong-ke-"));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function open(page: Page): Promise<void> {
  await page.keyboard.press("Control+Shift+K");
  await expect(page.getByTestId("statistics-groups")).toBeVisible();
}

const countOf = async (page: Page, id: string): Promise<number> => {
  const figure = page.getByTestId(`statistics-${id}`);
  return (await figure.count()) === 0 ? 0 : Number(await figure.getAttribute("data-count"));
};

test("the year is counted by units, the bar says what the table beside it says, and every number opens its documents", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await arrive(page, office, CLERK, "incoming");
  await open(page);
  await expect(page.getByTestId("statistics-sight")).toContainText("văn thư cơ quan");
  const all = await countOf(page, "incoming");
  let parts = 0;
  for (const part of ["done_in_time", "done_late", "open", "overdue"]) {
    parts += await countOf(page, part);
  }
  expect(parts).toBe(all);
  expect(all).toBeGreaterThan(10);
  await everyLook(page, office, "thong-ke");
  expect(await outOfReach(page)).toEqual([]);

  const late = await countOf(page, "overdue");
  await page.getByTestId("statistics-overdue").click();
  await expect(page.getByTestId("statistics-document")).toHaveCount(late);
  await everyLook(page, office, "thong-ke-van-ban");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("statistics-overdue")).toBeFocused();

  // From number to number by arrow keys, and into the documents of one unit.
  await page.keyboard.press("ArrowDown");
  await expect(page.getByTestId("statistics-incoming")).toBeFocused();
  const figure = page.getByTestId("statistics-group-0-incoming");
  const count = Number(await figure.getAttribute("data-count"));
  await figure.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("statistics-drill-count")).toContainText(`${count} văn bản`);
  const first = page.getByTestId("statistics-document").first();
  const id = (await first.getAttribute("data-id")) ?? "";
  await first.getByRole("button").click();
  await expect(page.getByTestId("nav-incoming")).toHaveAttribute("aria-current", "page");
  await expect(page.locator(`[data-testid="document-row"][aria-selected="true"]`)).toBeVisible();
  const detail = await ask(page, office, "document_get", { id });
  await expect(page.getByTestId("document-subject")).toContainText(detail.row.subject);
});

test("figures are told apart by person, month, field, kind, sender and level, and periods follow each other", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await sit(page, office, CLERK);
  await open(page);
  const year = await countOf(page, "incoming");
  for (const [by, name, head] of [
    ["person", "Người", "Người chủ trì, soạn thảo"],
    ["month", "Theo tháng", "Tháng"],
    ["activity", "Lĩnh vực", "Lĩnh vực"],
    ["kind", "Loại văn bản", "Loại văn bản"],
    ["sender", "Nơi gửi", "Nơi gửi, tên hiện nay"],
    ["level", "Cấp", "Cấp của nơi gửi"],
  ] as const) {
    await page.getByRole("radio", { name, exact: true }).click();
    await expect(page.getByRole("columnheader", { name: head, exact: true })).toBeVisible();
    expect(await countOf(page, "total-incoming")).toBe(year);
    if (by === "month") await everyLook(page, office, "thong-ke-thang");
    else await photograph(page, `thong-ke-${by}`);
  }
  await page.getByRole("radio", { name: "Tháng", exact: true }).click();
  const period = page.getByTestId("statistics-period");
  const month = await period.textContent();
  const found = page.getByTestId("statistics");
  await expect(found).toHaveAttribute("aria-busy", "false");
  expect(await countOf(page, "incoming")).toBeLessThanOrEqual(year);
  await page.getByTestId("statistics-before").click();
  await expect(period).not.toHaveText(month ?? "");
  await page.getByTestId("statistics-after").click();
  await expect(period).toHaveText(month ?? "");
  await page.getByRole("radio", { name: "Tùy chọn" }).click();
  await page.getByTestId("statistics-from").fill("1/1/2020");
  await page.getByTestId("statistics-from").press("Enter");
  await expect(found).toHaveAttribute("aria-busy", "false");
  expect(await countOf(page, "incoming")).toBeGreaterThanOrEqual(year);
  await page.setViewportSize(SMALL);
  await photograph(page, "thong-ke-tuy-chon-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("statistics-from").fill("1/1/2019");
  await page.getByTestId("statistics-from").press("Enter");
  await page.getByTestId("statistics-to").fill("31/1/2019");
  await page.getByTestId("statistics-to").press("Enter");
  await expect(page.getByText("Chưa có văn bản nào trong kỳ này")).toBeVisible();
  await everyLook(page, office, "thong-ke-trong");
});

test("the table is taken out as PDF and as XLSX, and who sees less is told so", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await sit(page, office, OFFICIAL);
  await open(page);
  await expect(page.getByTestId("statistics-sight")).toContainText("anh/chị được xem");
  for (const [format, begins] of [
    ["PDF", "%PDF-"],
    ["XLSX", "PK"],
  ] as const) {
    await page.getByTestId("dossier-save-statistics").click();
    const item = page.getByTestId(`dossier-save-statistics-${format}`);
    await expect(item).toBeVisible();
    await hasNoAccessibilityFaults(page);
    const coming = page.waitForEvent("download");
    await item.click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^Thong-ke-\\d{4}-01-01-\\d{4}-12-31\\.${format.toLowerCase()}$`),
    );
    const path = join(folder, format);
    await download.saveAs(path);
    expect(readFileSync(path).subarray(0, begins.length).toString("latin1")).toBe(begins);
    await expect(page.getByTestId("dossier-save-statistics")).toBeEnabled();
  }
});
