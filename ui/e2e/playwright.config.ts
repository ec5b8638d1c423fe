import { defineConfig } from "@playwright/test";

/** Debian's own Chromium drives the face on the real core behind the web host. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../target/reports/playwright",
  // One desk at a time: the keyring and the token belong to the whole session.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    viewport: { width: 1366, height: 768 },
    locale: "vi-VN",
    timezoneId: "Asia/Ho_Chi_Minh",
    actionTimeout: 20_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CONGVAN_CHROMIUM ?? "/usr/bin/chromium",
      // The tests run in containers too, where Chromium's own sandbox cannot be set up.
      args: ["--no-sandbox"],
    },
  },
});
