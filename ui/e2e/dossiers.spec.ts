import type { Page } from "@playwright/test";
import { arrive, everyLook, FULL, HEAD, OFFICIAL, sent, sit } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, type Office, test } from "./office";
import { photograph } from "./photograph";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "dossiers", roles: true } });

const PLANNED = "Hồ sơ về quản lý chợ trên địa bàn xã năm 2026";
const BESIDE = "Hồ sơ kiểm tra vệ sinh an toàn thực phẩm dịp cuối năm";

async function dossiers(page: Page): Promise<void> {
  await page.keyboard.press("Control+9");
  await expect(page.getByTestId("dossiers")).toBeVisible();
}

const row = (page: Page, title: string) =>
  page.getByTestId("dossier-row").filter({ hasText: title });

/** Waits until the row is in that state by the server's word. */
async function stands(page: Page, office: Office, title: string, state: string): Promise<void> {
  await expect(async () => {
    await ask(page, office, "sync_now", {});
    await expect(row(page, title)).toHaveAttribute("data-state", state, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

test("the year's list is proposed by the head, approved by the leader, and begun by its creator", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await arrive(page, office, HEAD, "incoming");
  await dossiers(page);
  await expect(page.getByText("Chưa có hồ sơ nào trong năm")).toBeVisible();
  await everyLook(page, office, "ho-so-trong");
  await page.getByTestId("dossier-plan").click();
  await expect(page.getByTestId("dossier-title")).toBeFocused();
  await page.getByTestId("dossier-send").click();
  await expect(page.getByTestId("dossier-form")).toContainText("Đề nghị ghi ký hiệu");
  await page.getByTestId("dossier-title").fill(PLANNED);
  await page.getByTestId("dossier-code").fill("KT");
  await page.getByTestId("dossier-large").fill("Kinh tế");
  const creator = page.getByTestId("dossier-creator");
  const official = creator.locator("option", { hasText: "Lê Văn C" });
  await creator.selectOption((await official.getAttribute("value")) ?? "");
  await everyLook(page, office, "ho-so-de-xuat");
  await page.getByTestId("dossier-title").press("Control+Enter");
  await expect(page.getByTestId("dossier-form")).toHaveCount(0);
  await expect(row(page, PLANNED)).toHaveAttribute("data-state", "planned");
  await sent(page, office);

  await sit(page, office, LEADER);
  await dossiers(page);
  await stands(page, office, PLANNED, "planned");
  await expect(row(page, PLANNED)).toContainText("01.KT");
  await page.getByTestId("dossier-approve-all").click();
  await expect(row(page, PLANNED)).toHaveAttribute("data-state", "listed");
  await sent(page, office);

  await sit(page, office, OFFICIAL);
  await dossiers(page);
  await stands(page, office, PLANNED, "listed");
  await page.getByTestId("dossier-act-open").click();
  await expect(row(page, PLANNED)).toHaveAttribute("data-state", "open");
  await expect(page.getByText("Hồ sơ chưa có văn bản")).toBeVisible();
});

test("a document is put into it by keyboard, with the desk as it is found", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  await page.getByTestId("view-incoming_all").click();
  const documents = page.getByTestId("document-row");
  await documents.first().click();
  await expect(documents.first()).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Shift+H");
  const dialog = page.getByTestId("dossier-add");
  await page.getByTestId("dossier-choice").filter({ hasText: PLANNED }).click();
  await everyLook(page, office, "ho-so-dua-vao");
  await page.getByTestId("dossier-add-send").click();
  await expect(dialog).toHaveCount(0);
  await sent(page, office);
  await dossiers(page);
  await expect(page.getByTestId("dossier-item")).toHaveCount(1);
  await everyLook(page, office, "ho-so-mot-van-ban");
  // Out again, and the document itself stays.
  await page.getByTestId("dossier-remove").click();
  await expect(page.getByTestId("dossier-item")).toHaveCount(0);
  await sent(page, office);
});

test("a dossier beside the list is begun, and several documents are put into it at once", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await dossiers(page);
  await page.getByTestId("dossier-start").click();
  await page.getByTestId("dossier-title").fill(BESIDE);
  await page.getByTestId("dossier-code").fill("KT");
  await page.getByTestId("dossier-send").click();
  await expect(row(page, BESIDE)).toHaveAttribute("data-state", "open");
  await page.getByTestId("nav-incoming").click();
  await page.getByTestId("view-incoming_all").click();
  await expect(page.getByTestId("document-row").nth(3)).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(page.getByTestId("many-count")).toHaveAttribute("data-count", "2");
  await page.getByTestId("many-dossier").click();
  await page.getByTestId("dossier-choice").filter({ hasText: BESIDE }).click();
  await page.getByTestId("dossier-add-send").click();
  await expect(page.getByTestId("dossier-add")).toHaveCount(0);
  await sent(page, office);
  await dossiers(page);
  await row(page, BESIDE).click();
  await expect(page.getByTestId("dossier-item")).toHaveCount(2);
  await everyLook(page, office, "ho-so-muc-luc");
  expect(await outOfReach(page)).toEqual([]);
  for (const [of, format, name] of [
    ["contents", "PDF", /^Muc-luc-van-ban-.+\.pdf$/],
    ["contents", "XML", /^Ho-so-.+\.xml$/],
    ["list", "list XLSX", /^Danh-muc-ho-so-\d{4}\.xlsx$/],
  ] as const) {
    const save = page.getByTestId(`dossier-save-${of}`);
    const head = page.locator("header", { has: save });
    const before = await head.last().boundingBox();
    await save.click();
    await expect(page.getByTestId(`dossier-save-${of}-${format}`)).toBeVisible();
    expect(await head.last().boundingBox()).toEqual(before);
    await photograph(page, `ho-so-luu-${of}`);
    const coming = page.waitForEvent("download");
    await page.getByTestId(`dossier-save-${of}-${format}`).click();
    expect((await coming).suggestedFilename()).toMatch(name);
    await expect(page.getByTestId(`dossier-save-${of}`)).toBeEnabled();
  }
  await page.getByTestId("dossier-save-contents").click();
  const coming = page.waitForEvent("download");
  await page.getByTestId("dossier-save-contents-large").click();
  expect((await coming).suggestedFilename()).toMatch(/^Ho-so-.+\.zip$/);
  await expect(page.getByText(/mục lục và thông tin đầu vào/)).toBeVisible();
  await photograph(page, "ho-so-luu-goi");
});

test("it is closed once what is found is let stand with a reason, and handed over", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await sit(page, office, OFFICIAL);
  await dossiers(page);
  await row(page, PLANNED).click();
  await page.getByTestId("dossier-act-close").click();
  await expect(page.getByTestId("dossier-act-dialog")).toContainText("Hồ sơ chưa có văn bản nào");
  await page.getByTestId("dossier-act-send").click();
  await expect(page.getByTestId("dossier-act-dialog")).toContainText("Đề nghị ghi đủ");
  await page.getByTestId("dossier-why").fill("Công việc không phát sinh văn bản");
  await everyLook(page, office, "ho-so-ket-thuc");
  await page.getByTestId("dossier-why").press("Control+Enter");
  await expect(page.getByTestId("dossier-act-dialog")).toHaveCount(0);
  await expect(row(page, PLANNED)).toHaveAttribute("data-state", "closed");
  await stands(page, office, PLANNED, "closed");
  await page.getByTestId("dossier-act-hand_over").click();
  await stands(page, office, PLANNED, "handed_over");
  await photograph(page, "ho-so-nop-luu");
  const coming = page.waitForEvent("download");
  await page.getByTestId("dossier-save-list").click();
  await page.getByTestId("dossier-save-list-minutes PDF").click();
  expect((await coming).suggestedFilename()).toMatch(/^Bien-ban-giao-nhan-ho-so-\d{4}\.pdf$/);
});

test("what is to be at the archive within thirty days is named above the list, of whatever year", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await sit(page, office, OFFICIAL);
  await expect(page.getByTestId("nav-dossiers")).not.toHaveAttribute("aria-label", /đang chờ/);
  const title = "Hồ sơ về trật tự xây dựng năm 2025";
  const fields = {
    year: 2025,
    number: null,
    code: "XD",
    large: "Xây dựng",
    small: "",
    title,
    retention_years: 10,
    creator: null,
    note: "",
  };
  const { dossier } = await ask(page, office, "dossier_make", { fields, started_on: "2025-01-05" });
  const reason = "Công việc không phát sinh văn bản";
  const settled = [{ finding: { kind: "empty", document: null }, reason }];
  const act = { act: "close", ended_on: "2025-11-30", settled } as const;
  await ask(page, office, "dossier_act", { ids: [dossier.id], act });
  await dossiers(page);
  const due = page.getByTestId("dossier-due").filter({ hasText: title });
  await expect(due).toContainText("30/11/2026");
  await expect(page.getByTestId("nav-dossiers")).toHaveAttribute("aria-label", /1 việc đang chờ/);
  await due.click();
  await expect(page.getByTestId("dossier-year")).toHaveValue("2025");
  await expect(row(page, title)).toHaveAttribute("aria-selected", "true");
  await everyLook(page, office, "ho-so-can-nop-luu");
  expect(await outOfReach(page)).toEqual([]);
});
