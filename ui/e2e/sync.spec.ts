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
  await expect(page.getByTestId("network-line")).toContainText("tạm dừng");
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
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", "0");
  expect(Number((await office.stats()).opinions)).toBe(Number(before.opinions) + 1);
});

test("a document that rests keeps its act here until it may go on", async ({ page, office }) => {
  await openDesk(page, office);
  await office.cut();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("tab-opinions").click();
  await page.getByTestId("opinion-text").fill("Ý kiến để gửi sau.");
  await page.getByTestId("opinion-send").click();
  await page.getByTestId("nav-sync").click();
  await page.getByTestId("rest-pause").first().click();
  await expect(page.getByTestId("resting")).toBeVisible();
  await photograph(page, "sync-resting");
  await office.connect();
  await page.getByTestId("sync-now").click();
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-network", "online");
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", /[1-9]/);
  await page.getByTestId("resting").getByTestId("rest-resume").click();
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", "0");
  await expect(page.getByTestId("resting")).toHaveCount(0);
});

test("the sync centre is whole at 125 %, in the dark and in English", async ({ page, office }) => {
  await openDesk(page, office);
  await page.getByTestId("nav-sync").click();
  for (const [width, height] of [
    [1366, 768],
    [1093, 614],
  ] as const) {
    await page.setViewportSize({ width, height });
    const cut = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(cut).toBe(false);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await photograph(page, "sync-dark-125");
  await page.getByTestId("proxy").scrollIntoViewIfNeeded();
  await photograph(page, "sync-dark-125-foot");
  await page.getByTestId("nav-settings").click();
  await page.getByText("English", { exact: true }).click();
  await page.getByTestId("nav-sync").click();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await photograph(page, "sync-english-125");
  await page.getByTestId("nav-settings").click();
  await page.getByText("Tiếng Việt", { exact: true }).click();
});

test("a person is taken off the machine after two questions while something is unsent", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await office.cut();
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("tab-opinions").click();
  await page.getByTestId("opinion-text").fill("Ý kiến sẽ mất theo người.");
  await page.getByTestId("opinion-send").click();
  await expect(page.getByTestId("network-line")).toHaveAttribute("data-unsent", /[1-9]/);
  await page.getByTestId("account-menu").click();
  await page.getByTestId("switch-user").click();
  await page.getByTestId(`forget-${LEADER.username}`).click();
  await page.getByTestId("confirm-yes").click();
  await expect(page.getByTestId("confirm")).toContainText("chưa gửi");
  await photograph(page, "forget-person");
  await page.getByTestId("confirm-yes").click();
  await expect(page.getByTestId(`person-${LEADER.username}`)).toHaveCount(0);
  await office.connect();
  await openDesk(page, office);
  await page.getByTestId("nav-sync").click();
  await expect(page.getByText("Ý kiến sẽ mất theo người.")).toHaveCount(0);
});
