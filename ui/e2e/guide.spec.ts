import { FULL, look, OFFICIAL, SMALL, sit } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, openFrame, settled, test } from "./office";
import { photograph } from "./photograph";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "guide", issues: true, drafts: 1 } });

test("a new person is led from the first start to the first useful act, and no step asks for the focus", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(FULL);
  await openFrame(page, office, LEADER);
  const guide = page.getByTestId("guide");
  await expect(guide).toBeVisible();
  expect(await guide.evaluate((card) => card.contains(document.activeElement))).toBe(false);
  await settled(page, office);
  await expect(page.getByTestId("guide-download")).toHaveAttribute("data-done", "true");
  await expect(page.getByTestId("guide-sign")).toHaveAttribute("data-done", "false");
  await expect(page.getByTestId("guide-go-sign")).toHaveText("Mở Trình ký");
  await photograph(page, "bat-dau");
  expect(await outOfReach(page)).toEqual([]);

  // The two keys, by the keys themselves.
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette-text")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await expect(page.getByTestId("guide-go-keys")).toContainText("F1");
  await expect(page.getByTestId("guide-keys")).toHaveAttribute("data-done", "false");
  await page.keyboard.press("F1");
  await expect(page.getByTestId("help-sheet")).toBeVisible();
  await photograph(page, "bat-dau-phim-tat");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("help-sheet")).toBeHidden();
  await expect(page.getByTestId("guide-keys")).toHaveAttribute("data-done", "true");

  await look(page, office, "dark", "vi");
  await page.setViewportSize(SMALL);
  await expect(guide).toHaveCount(0);
  expect(await outOfReach(page)).toEqual([]);
  await page.getByTestId("guide-open").click();
  await expect(guide).toBeVisible();
  await photograph(page, "bat-dau-toi-125");
  await look(page, office, "light", "en");
  await photograph(page, "bat-dau-en-125");
  await page.setViewportSize({ width: 683, height: 384 });
  await photograph(page, "bat-dau-en-200");
  expect(await outOfReach(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(guide).toHaveCount(0);
  expect(await outOfReach(page)).toEqual([]);
  await look(page, office, "light", "vi");
  await page.setViewportSize(FULL);

  // Its button leads to where the step is done.
  await page.getByTestId("guide-go-sign").click();
  await expect(page.getByTestId("nav-to_sign")).toHaveAttribute("aria-current", "page");
  await expect(guide).toBeVisible();
});

test("the guide is hidden for good and opened again from the sheet of keys and the palette", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openFrame(page, office, LEADER);
  await page.getByTestId("nav-incoming").click();
  const guide = page.getByTestId("guide");
  await page.getByTestId("guide-hide").click();
  await expect(guide).toHaveCount(0);
  await expect
    .poll(async () => (await ask(page, office, "settings", {})).values["onboarding.hidden"])
    .toBe("1");
  await page.reload();
  await expect(page.getByTestId("document-list")).toBeVisible();
  await expect(guide).toHaveCount(0);

  await page.getByTestId("nav-book").click();
  await page.getByTestId("help-open").click();
  await page.getByTestId("help-guide").click();
  await expect(page.getByTestId("help-sheet")).toBeHidden();
  await expect(guide).toBeVisible();
  await page.getByTestId("guide-hide").click();
  await expect(guide).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette-text")).toBeFocused();
  await page.keyboard.type("huong dan bat dau");
  await expect(page.getByTestId("palette-option").first()).toContainText("Mở hướng dẫn bắt đầu");
  await page.keyboard.press("Enter");
  await expect(guide).toBeVisible();

  // Where the card has no room, it opens beside its sign.
  await page.setViewportSize(SMALL);
  await expect(guide).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("palette-text")).toBeFocused();
  await page.keyboard.type("huong dan bat dau");
  await expect(page.getByTestId("palette-option").first()).toContainText("Mở hướng dẫn bắt đầu");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("palette")).toHaveCount(0);
  await expect(guide).toBeVisible();
  await page.setViewportSize(FULL);
});

test("an official's first act is to open a letter, and another person has steps of their own", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  const read = page.getByTestId("guide-read");
  await expect(read).toHaveAttribute("data-done", "false");
  await expect(page.getByTestId("guide-keys")).toHaveAttribute("data-done", "false");
  await photograph(page, "bat-dau-chuyen-vien");
  await page.getByTestId("guide-go-read").click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await expect(read).toHaveAttribute("data-done", "true");
});
