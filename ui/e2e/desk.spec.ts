import { expect, LEADER, openDesk, settled, test } from "./office";
import { hasNoAccessibilityFaults } from "./photograph";

test("a wrong password is told in words with its code, and the right one opens the desk", async ({
  page,
  office,
}) => {
  await page.goto(office.url);
  await page.getByTestId("login-username").fill(LEADER.username);
  await page.getByTestId("login-password").fill("sai-mat-khau");
  await page.keyboard.press("Enter");
  const error = page.getByTestId("error-message");
  await expect(error).toHaveAttribute("data-code", "BAD_CREDENTIALS");
  await expect(error).toContainText("Tài khoản hoặc mật khẩu không đúng.");
  await hasNoAccessibilityFaults(page);
  await page.getByTestId("login-password").fill(LEADER.password);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("document-row").first()).toBeVisible();
});

test("the first page is drawn in the screen's pixels and its words can be selected", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await page.getByTestId("document-row").first().click();
  const image = page.getByTestId("page-image-0");
  await expect(image).toBeVisible();
  const exact = await image.evaluate(
    (img: HTMLImageElement) =>
      Math.abs(img.naturalWidth - img.clientWidth * window.devicePixelRatio) <= 1,
  );
  expect(exact).toBe(true);
  await expect(page.getByTestId("page-text-0")).toContainText("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
});

test("letters without diacritics find the word with them", async ({ page, office }) => {
  await openDesk(page, office);
  await page.getByTestId("view-incoming_all").click();
  const first = page.getByTestId("document-row").first();
  const subject = (await first.textContent()) ?? "";
  const word = subject.match(/\p{L}*[đốộảạếễ]\p{L}*/u)?.[0] ?? "chỉ đạo";
  const bare = word.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D");
  await page.keyboard.press("/");
  await page.keyboard.type(bare);
  await expect(page.getByTestId("document-row").filter({ hasText: word }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("search")).toHaveValue("");
});

test("the list is used without the mouse and the focus is never lost", async ({ page, office }) => {
  await openDesk(page, office);
  await page.getByTestId("document-list").focus();
  const selected = page.locator('[role="option"][aria-selected="true"]');
  await expect(selected).toHaveAttribute("aria-posinset", "1");
  await page.keyboard.press("j");
  await expect(selected).toHaveAttribute("aria-posinset", "2");
  await page.keyboard.press("k");
  await expect(selected).toHaveAttribute("aria-posinset", "1");
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-viewer]")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("document-list")).toBeFocused();
  await page.keyboard.press("F1");
  await expect(page.getByTestId("help-sheet")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("help-sheet")).toBeHidden();
  await page.keyboard.press("Control+6");
  await expect(page.getByTestId("nav-sync")).toHaveAttribute("aria-current", "page");
});

for (const theme of ["light", "dark"]) {
  test(`every screen passes the accessibility check in the ${theme} theme`, async ({
    page,
    office,
  }) => {
    // Nine screens, each examined whole: slow on a busy machine.
    test.slow();
    await openDesk(page, office);
    await page.request.post(`${office.url}/ipc/setting_set`, {
      data: { key: "theme", value: theme },
    });
    await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    await page.getByTestId("document-row").first().click();
    await expect(page.getByTestId("page-image-0")).toBeVisible();
    await hasNoAccessibilityFaults(page);
    for (const tab of ["info", "flow", "signatures", "opinions"]) {
      await page.getByTestId(`tab-${tab}`).click();
      await hasNoAccessibilityFaults(page);
    }
    for (const section of ["to_sign", "outgoing", "sync", "settings"]) {
      await page.getByTestId(`nav-${section}`).click();
      await hasNoAccessibilityFaults(page);
    }
  });
}

test("at 125 % of 1366×768 nothing is cut off and the panel is a drawer", async ({
  page,
  office,
}) => {
  await page.setViewportSize({ width: 1093, height: 614 });
  await openDesk(page, office);
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("tab-opinions").click();
  await expect(page.getByTestId("opinion-send")).toBeInViewport({ ratio: 1 });
  const overflow = await page.evaluate(() => ({
    x: document.documentElement.scrollWidth > window.innerWidth,
    y: document.documentElement.scrollHeight > window.innerHeight,
  }));
  expect(overflow).toEqual({ x: false, y: false });
  for (const id of ["network-line", "account-menu", "search", "opinion-open"]) {
    await expect(page.getByTestId(id)).toBeInViewport({ ratio: 1 });
  }
});
