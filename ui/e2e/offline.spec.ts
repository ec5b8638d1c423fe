import { closingItself, expect, openDesk, PIN, settled, test } from "./office";

test.describe.configure({ mode: "serial" });

test("with the server gone an opinion is saved here, and arrives exactly once on reconnect", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  const before = await office.stats();
  await office.cut();
  await page.getByTestId("nav-sync").click();
  await page.getByTestId("sync-now").click();
  await expect(page.getByTestId("network-line")).toContainText("Ngoại tuyến");

  await page.getByTestId("nav-incoming").click();
  await page.getByTestId("document-row").first().click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId("tab-opinions").click();
  await page.getByTestId("opinion-text").fill("Giao Phòng Kinh tế chủ trì tham mưu.");
  await page.getByTestId("opinion-send").click();
  const mine = page.getByTestId("opinion-item").filter({ hasText: "Giao Phòng Kinh tế chủ trì" });
  await expect(mine).toContainText("Đã lưu trên máy");

  await office.connect();
  await page.getByTestId("nav-sync").click();
  await page.getByTestId("sync-now").click();
  await expect(
    page.locator('[data-testid="outbox-row"][data-kind="add_opinion"][data-state="received"]'),
  ).toHaveCount(1);
  await page.getByTestId("nav-incoming").click();
  await page.getByTestId("tab-opinions").click();
  await expect(mine).toContainText("Máy chủ đã nhận");
  const after = await office.stats();
  expect(Number(after.opinions)).toBe(Number(before.opinions) + 1);
});

test("a wrong PIN costs one try and signs nothing; the right one signs and the server receives it", async ({
  page,
  context,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await page.getByTestId("nav-to_sign").click();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("sign-open").click();
  await expect(page.getByTestId("sign-certificate").first()).toContainText("Nguyễn Văn A");
  await expect(page.getByTestId("sign-placement")).toBeInViewport();

  const place = page.getByTestId("placement-facts");
  const start = await place.textContent();
  await page.getByTestId("sign-placement").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(place).not.toHaveText(start ?? "");

  const wrong = context.waitForEvent("page");
  await page.getByTestId("sign-submit").click();
  const first = await wrong;
  await expect(first.getByTestId("pin-input")).toBeFocused();
  await first.getByTestId("pin-input").fill("000000");
  await closingItself(() => first.keyboard.press("Enter"));
  await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "PIN_INCORRECT");

  const right = context.waitForEvent("page");
  await page.getByTestId("sign-submit").click();
  const second = await right;
  await second.getByTestId("pin-input").fill(PIN);
  await closingItself(() => second.getByTestId("pin-submit").click());
  const result = page.getByTestId("sign-result");
  await expect(result).toHaveAttribute("data-level", "B-B");
  await expect(result).toHaveAttribute("data-received", "true", { timeout: 60_000 });
});

test("closing the PIN window signs nothing and says so", async ({ page, context, office }) => {
  await openDesk(page, office);
  await page.getByTestId("nav-to_sign").click();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("sign-open").click();
  await expect(page.getByTestId("sign-certificate").first()).toBeVisible();
  const opened = context.waitForEvent("page");
  await page.getByTestId("sign-submit").click();
  const pin = await opened;
  await pin.getByTestId("pin-input").waitFor();
  await closingItself(() => pin.keyboard.press("Escape"));
  await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "PIN_CANCELLED");
});
