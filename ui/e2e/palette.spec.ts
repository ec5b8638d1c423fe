import { look, SMALL } from "./desks";
import { expect, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial", timeout: 300_000 });

test("a section, an act and a document are opened from anywhere by a few letters without marks", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  await settled(page, office);
  // From within a text field too.
  await page.getByTestId("search").focus();
  await page.keyboard.press("Control+k");
  const field = page.getByTestId("palette-text");
  const options = page.getByTestId("palette-option");
  await expect(field).toBeFocused();
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await photograph(page, "bang-lenh");
  await page.keyboard.type("so van");
  await expect(options.first()).toContainText("Sổ văn bản");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await expect(page.getByTestId("nav-book")).toHaveAttribute("aria-current", "page");

  // A document by part of its number, from a section that has no documents.
  await page.getByTestId("nav-incoming").click();
  const wanted = page.getByTestId("document-row").nth(3);
  await expect(wanted).toHaveAttribute("data-id", /.+/);
  const id = (await wanted.getAttribute("data-id")) ?? "";
  await wanted.click();
  // Until the document is open, the header names the one before.
  const header = page.locator("header strong");
  const row = (await wanted.textContent()) ?? "";
  await expect.poll(async () => row.includes((await header.textContent()) ?? "")).toBe(true);
  const notation = await header.textContent();
  await page.getByTestId("nav-book").click();
  await page.keyboard.press("Control+k");
  await field.fill(notation ?? "");
  const found = page.locator(`[data-testid="palette-option"][data-id="${id}"]`);
  await expect(found).toBeVisible();
  await photograph(page, "bang-lenh-van-ban");
  while ((await found.getAttribute("aria-selected")) !== "true") {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("nav-incoming")).toHaveAttribute("aria-current", "page");
  await expect(header).toHaveText(notation ?? "");

  // What can be done to it now, and its form takes the focus.
  await page.getByTestId("view-incoming_say").click();
  await page.getByTestId("document-row").first().click();
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("chi dao");
  await expect(options.first()).toContainText("Chỉ đạo");
  await photograph(page, "bang-lenh-viec");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("people-find")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("document-list")).toBeFocused();
});

test("words of a subject find their document, Escape gives the focus back, and the key sheet tells the key", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  await page.getByTestId("document-list").focus();
  await page.getByTestId("palette-open").click();
  await page.keyboard.type("cai cach hanh chinh");
  await expect(page.getByTestId("palette")).toContainText("Cải cách hành chính");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("khong co gi nhu the");
  await expect(page.getByTestId("palette")).toContainText("Không thấy");
  await photograph(page, "bang-lenh-khong-thay");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("document-list")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByTestId("help-sheet")).toContainText("Tìm việc, mục, văn bản");
  await page.keyboard.press("Escape");

  await look(page, office, "dark", "vi");
  await page.setViewportSize(SMALL);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("van ban");
  await photograph(page, "bang-lenh-toi-125");
  await page.keyboard.press("Escape");
  await look(page, office, "light", "en");
  await page.keyboard.press("Control+k");
  await photograph(page, "bang-lenh-en-125");
  await page.keyboard.type("token");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("settings-token")).toHaveAttribute("aria-selected", "true");
  await look(page, office, "light", "vi");
});
