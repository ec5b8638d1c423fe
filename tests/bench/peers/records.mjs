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
const ROUNDS = 8;
/** Milliseconds that the face keeps an answer nobody shows any more, and some: every key of the next
 * round asks the core again. */
const FORGOTTEN = 16_000;
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
await page.getByTestId("search-guide").waitFor();

/** One key: its letter is typed, and the time runs until a frame shows the rows of what stands in the
 * field by then. */
async function key(text) {
  return await page.evaluate(async (typed) => {
    const field = document.querySelector("[data-testid=search]");
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
    const shown = performance.now() - began;
    // The frame after the commit is the painted one.
    await frame();
    const ms = performance.now() - began;
    const since = (time) => Math.round(time - began);
    const asked = performance
      .getEntriesByType("resource")
      .filter((one) => one.startTime >= began)
      .map((one) => [one.name.split("/").at(-1), since(one.startTime), since(one.responseEnd)]);
    performance.clearResourceTimings();
    return { ms, shown: Math.round(shown), asked };
  }, text);
}

let times = [];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const typed of TYPED) {
    for (let end = 1; end <= typed.length; end += 1) {
      // A space alone asks for nothing new.
      if (typed[end - 1] === " ") continue;
      const text = typed.slice(0, end);
      times.push({ round, text, ...(await key(text)) });
      await page.waitForTimeout(60);
    }
    await page.getByTestId("search").fill("");
    await page.waitForTimeout(200);
  }
  await page.waitForTimeout(FORGOTTEN);
}
// A beginning that two searches share is answered by the face itself the second time.
times = times.filter(({ asked }) => asked.some(([name]) => name === "search_find"));
times.sort((a, b) => a.ms - b.ms);
const share = (percent) => times[Math.max(0, Math.ceil((times.length * percent) / 100) - 1)].ms;

/** The letters are a minute apart: fourteen days of them are what a commune registers in a year. */
const DAYS = 14;
const from = new Date(Date.now() - DAYS * 86_400_000).toISOString().slice(0, 10);

/** From the button to the last byte of the file. */
async function taken(register, format) {
  return await page.evaluate(
    async ([register, format, from]) => {
      const year = new Date().getFullYear();
      const all = { activity: "", progress: null, text: "", offset: 0, limit: 1 };
      const query = { book: "den", year, from, to: "", ...all };
      const post = async (name, args) => {
        const headers = { "content-type": "application/json" };
        const body = JSON.stringify(args);
        const answer = await fetch(`/ipc/${name}`, { method: "POST", headers, body });
        if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
        return await answer.json();
      };
      const { total } = await post("book_entries", query);
      const began = performance.now();
      const made = await post("book_export", { register, query, columns: [], format });
      const bytes = (await (await fetch(`/page/export/${made.id}`)).arrayBuffer()).byteLength;
      return { register, format, lines: total, bytes, ms: performance.now() - began };
    },
    [register, format, from],
  );
}
const registers = [];
for (const register of ["incoming", "tracking"])
  for (const format of ["XLSX", "PDF"]) registers.push(await taken(register, format));
console.log(
  JSON.stringify({
    ...{ keys: times.length, p50: share(50), p99: share(99), max: share(100) },
    slowest: times.slice(-12),
    registers,
  }),
);
await browser.close();
