import { readFileSync } from "node:fs";
import { expect, LEADER, openDesk, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial" });

const WORDS = "Ý kiến viết trước khi đổi người dùng.";

test("the sync centre pauses, goes on, keeps limits and saves a report without content", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await page.getByTestId("nav-sync").click();
  await expect(
    page.getByTestId("sync-history").locator("[data-code=RECEIVED]").first(),
  ).toBeVisible();
  await page.getByTestId("sync-pause").click();
  await expect(page.getByTestId("sync-notice-paused")).toBeVisible();
  await photograph(page, "sync-paused");
  await page.getByTestId("sync-resume").click();
  await expect(page.getByTestId("sync-notice-paused")).toHaveCount(0);
  await page.getByTestId("limit-all").fill("800");
  await page.getByTestId("limit-save").click();
  await page.reload();
  await expect(page.getByTestId("limit-all")).toHaveValue("800");

  const download = page.waitForEvent("download");
  await page.getByTestId("support-bundle").click();
  const report = readFileSync(await (await download).path(), "utf8");
  expect(report).not.toContain("UBND");
  expect(report).not.toContain(LEADER.username);
  expect(JSON.parse(report).bundle).toBe(1);
});

test("another person sits down, and what the first left unsent goes out when they return", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  const before = await office.stats();
  await office.cut();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("tab-opinions").click();
  await page.getByTestId("opinion-text").fill(WORDS);
  await page.getByTestId("opinion-send").click();
  await expect(page.getByTestId("opinion-item").filter({ hasText: WORDS })).toBeVisible();

  await page.getByTestId("account-menu").click();
  await page.getByTestId("switch-user").click();
  const leader = page.getByTestId(`person-${LEADER.username}`);
  await expect(leader).toContainText("chờ gửi");
  await photograph(page, "switch-user");
  await office.connect();
  await page.getByTestId("login-username").fill("vanthu");
  await page.getByTestId("login-password").fill("VanThu@2026");
  await page.getByTestId("login-submit").click();
  await page.getByTestId("nav-sync").click();
  await expect(page.getByText(WORDS)).toHaveCount(0);

  await page.getByTestId("account-menu").click();
  await page.getByTestId("switch-user").click();
  await leader.click();
  await page.getByTestId("login-password").fill(LEADER.password);
  await page.getByTestId("login-submit").click();
  await page.getByTestId("nav-sync").click();
  await page.getByTestId("sync-now").click();
  await expect(
    page.locator('[data-testid="outbox-row"][data-kind="add_opinion"][data-state="received"]'),
  ).toHaveCount(1);
  expect(Number((await office.stats()).opinions)).toBe(Number(before.opinions) + 1);
});
