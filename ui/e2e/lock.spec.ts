import { look, SMALL } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial", timeout: 300_000 });
// The desk is killed here.
test.use({ setup: { own: "lock" } });

test("a locked desk shows nothing of what lies on it until the password is typed, also without the network", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openDesk(page, office);
  await settled(page, office);
  const row = page.getByTestId("document-row").first();
  await row.click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  const notation = (await page.locator("header strong").textContent()) ?? "";
  expect(notation).toContain("/");
  await page.getByTestId("account-menu").click();
  await page.getByTestId("lock").click();

  const screen = page.getByTestId("lock-screen");
  await expect(screen).toBeVisible();
  await expect(page.getByTestId("unlock-password")).toBeFocused();
  expect(await page.content()).not.toContain(notation);
  await expect(page.getByTestId("page-image-0")).toHaveCount(0);
  const refused = await page.request.post(`${office.url}/ipc/outbox_list`, { data: {} });
  expect(await refused.json()).toMatchObject({ code: "LOCKED" });
  await photograph(page, "khoa");
  await office.cut();
  await page.getByTestId("unlock-submit").click();
  await expect(screen).toContainText("Nhập mật khẩu.");
  await page.keyboard.type("mat khau sai");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "BAD_CREDENTIALS");
  await photograph(page, "khoa-sai-mat-khau");
  await page.getByTestId("unlock-password").fill(LEADER.password);
  await page.keyboard.press("Enter");
  await expect(screen).toBeHidden();
  await expect(page.getByTestId("nav-incoming")).toHaveAttribute("aria-current", "page");
  await expect(row).toHaveAttribute("data-id", /.+/);
  await office.connect();

  await look(page, office, "dark", "vi");
  await page.setViewportSize(SMALL);
  await page.keyboard.press("Control+Shift+L");
  await expect(screen).toBeVisible();
  await photograph(page, "khoa-toi-125");
  await page.getByTestId("unlock-password").fill(LEADER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("network-line")).toBeVisible();
  await look(page, office, "light", "en");
  await page.keyboard.press("Control+Shift+L");
  await expect(screen).toBeVisible();
  await photograph(page, "khoa-en-125");
  await page.getByTestId("unlock-password").fill(LEADER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("network-line")).toBeVisible();
  await look(page, office, "light", "vi");
});

test("a desk that nobody touches locks itself after the chosen minutes, and never when so chosen", async ({
  page,
  office,
}) => {
  await page.clock.install();
  await openDesk(page, office);
  await page.clock.runFor("10:00");
  await page.mouse.move(300, 300);
  await page.clock.runFor("10:00");
  await expect(page.getByTestId("lock-screen")).toBeHidden();
  await page.clock.runFor("06:00");
  await expect(page.getByTestId("lock-screen")).toBeVisible();
  await page.getByTestId("unlock-password").fill(LEADER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("network-line")).toBeVisible();

  await page.keyboard.press("Control+7");
  const choice = page.getByRole("radiogroup", { name: "Tự khoá khi không dùng" });
  await choice.getByRole("radio", { name: "Không" }).click();
  await expect
    .poll(async () => (await ask(page, office, "settings", {})).values["lock.after"])
    .toBe("0");
  await photograph(page, "khoa-cai-dat");
  await page.clock.runFor("05:00:00");
  await expect(page.getByTestId("network-line")).toBeVisible();
  await expect(page.getByTestId("lock-screen")).toBeHidden();
});

test("ending the program does not open a locked desk", async ({ page, office }) => {
  await openDesk(page, office);
  await page.keyboard.press("Control+Shift+L");
  await expect(page.getByTestId("lock-screen")).toBeVisible();
  await office.killDesk();
  await office.startDesk();
  await page.goto(office.url);
  await expect(page.getByTestId("login-form")).toBeVisible();
  await page.getByTestId(`person-${LEADER.username}`).click();
  await expect(page.getByTestId("login-password")).toBeFocused();
});
