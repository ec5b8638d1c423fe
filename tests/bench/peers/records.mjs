// Types into the search of the desk's face in Debian's Chromium and measures from the key to the frame
// that shows its rows.
//
// usage: node records.mjs UI-FOLDER URL LETTERS USER PASSWORD; the last line is JSON.

import { createRequire } from "node:module";
import { join } from "node:path";

const [ui, url, letters, user, password] = process.argv.slice(2);
const { chromium } = createRequire(join(ui, "package.json"))("@playwright/test");
/** What is typed, key by key; every beginning finds something or nothing. */
const TYPED = ["báo cáo lần", "so 123", "ubnd thư", "cơ quan:sở nội", "văn bản:đến năm:2026 lần"];
const ROUNDS = 4;
/** A pull of everything takes minutes on a busy machine. */
const PATIENCE = 1_200_000;

const browser = await chromium.launch({
  executablePath: process.env.CONGVAN_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "vi-VN" });
page.setDefaultTimeout(60_000);
await page.goto(url);
await page.getByTestId("login-username").fill(user);
await page.getByTestId("login-password").fill(password);
await page.getByTestId("login-submit").click();
await page.getByTestId("network-line").waitFor();
await page.getByTestId("nav-incoming").click();
await page.getByTestId("view-incoming_all").click();
await page.waitForFunction(
  (count) => Number(document.querySelector("[data-testid=document-list]")?.dataset.total) >= count,
  Number(letters),
  { timeout: PATIENCE, polling: 500 },
);
await page.getByTestId("nav-search").click();

/** One key: its letter is typed, and the time runs until a frame shows the rows of what stands in the
 * field by then. */
async function key(text) {
  return await page.evaluate(async (typed) => {
    const field = document.querySelector("main [data-testid=search]");
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    const began = performance.now();
    setter.call(field, typed);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (;;) {
      await frame();
      const shown = document.querySelector("[data-testid=found-frame]");
      if (shown?.dataset.text === typed.trim()) break;
      if (performance.now() - began > 20_000) throw new Error(`nothing for ${typed}`);
    }
    // The frame after the commit is the painted one.
    await frame();
    return performance.now() - began;
  }, text);
}

const times = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const typed of TYPED) {
    for (let end = 1; end <= typed.length; end += 1) {
      // A space alone asks for nothing new.
      if (typed[end - 1] === " ") continue;
      times.push(await key(typed.slice(0, end)));
      await page.waitForTimeout(60);
    }
    await page.getByTestId("search").fill("");
    await page.waitForTimeout(200);
  }
}
times.sort((a, b) => a - b);
const share = (percent) => times[Math.max(0, Math.ceil((times.length * percent) / 100) - 1)];
console.log(
  JSON.stringify({ keys: times.length, p50: share(50), p99: share(99), max: times.at(-1) }),
);
await browser.close();
