import { readFileSync } from "node:fs";
import type { Download, Page } from "@playwright/test";
import { arrive, everyLook, FULL, OFFICIAL, sit } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, test } from "./office";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "courier" } });

const WORDS = "Ý kiến gửi bằng USB khi mất mạng.";

const section = (page: Page) => page.getByTestId("courier");
const result = (page: Page) => page.getByTestId("courier-result");

async function open(page: Page): Promise<void> {
  await page.getByTestId("nav-sync").click();
  await section(page).scrollIntoViewIfNeeded();
}

/** Presses an act that saves a file, with one chosen before where there is one. */
async function saved(page: Page, act: string, chosen?: string): Promise<Download> {
  const chooser = chosen === undefined ? null : page.waitForEvent("filechooser");
  const download = page.waitForEvent("download");
  await page.getByTestId(`courier-${act}`).click();
  if (chosen !== undefined) await (await chooser)?.setFiles(chosen);
  return await download;
}

/** A file of the stick under its own name. */
async function keep(download: Download, folder: string): Promise<string> {
  const path = `${folder}/${download.suggestedFilename()}`;
  await download.saveAs(path);
  return path;
}

test("what an office without a network wrote is carried by another desk and answered", async ({
  page,
  office,
}, info) => {
  await page.setViewportSize(FULL);
  await arrive(page, office, OFFICIAL, "incoming");
  await open(page);
  await expect(page.getByTestId("courier-write")).toBeEnabled();
  await everyLook(page, office, "goi-chuyen-tay");
  expect(await outOfReach(page)).toEqual([]);

  const before = await office.stats();
  await ask(page, office, "sync_pause", { until: null });
  await page.getByTestId("nav-incoming").click();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("tab-opinions").click();
  await page.getByTestId("opinion-text").fill(WORDS);
  await page.getByTestId("opinion-send").click();
  await open(page);
  const bundle = await keep(await saved(page, "write"), info.outputDir);
  await expect(result(page)).toContainText(".cvct");
  await everyLook(page, office, "goi-chuyen-tay-da-ghi");
  // Nothing of it can be read on the way.
  expect(readFileSync(bundle).includes(WORDS)).toBe(false);
  expect(Number((await office.stats()).opinions)).toBe(Number(before.opinions));

  await sit(page, office, LEADER);
  await open(page);
  const answer = await keep(await saved(page, "carry", bundle), info.outputDir);
  await expect(result(page)).toContainText("Phòng Kinh tế xã Bình Minh Đông");
  await everyLook(page, office, "goi-chuyen-tay-da-chuyen");
  expect(Number((await office.stats()).opinions)).toBe(Number(before.opinions) + 1);
  // Not for this desk.
  const wrong = page.waitForEvent("filechooser");
  await page.getByTestId("courier-receive").click();
  await (await wrong).setFiles(answer);
  await expect(section(page).getByRole("alert")).toContainText("máy hoặc người dùng khác");
  await everyLook(page, office, "goi-chuyen-tay-cua-may-khac");

  await ask(page, office, "switch_user", {});
  await arrive(page, office, OFFICIAL, "incoming");
  await open(page);
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", /[1-9]/);
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId("courier-receive").click();
  await (await chooser).setFiles(answer);
  await expect(result(page)).toContainText("đã được máy chủ nhận");
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", "0");
  await everyLook(page, office, "goi-chuyen-tay-da-nhan");
  await ask(page, office, "sync_resume", {});
  await ask(page, office, "sync_now", {});
  expect(Number((await office.stats()).opinions)).toBe(Number(before.opinions) + 1);
});
