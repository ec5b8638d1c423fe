// Drives the desk's face in Debian's Chromium and measures what a person would see.
//
// usage: node window.mjs UI-FOLDER URL LETTERS DRAFTS USER PASSWORD; the last line is JSON.

import { createRequire } from "node:module";
import { join } from "node:path";

const [ui, url, letters, drafts, user, password] = process.argv.slice(2);
const { chromium } = createRequire(join(ui, "package.json"))("@playwright/test");
/** Pixels that are scrolled for a measurement, and how many in a second: a wheel turned in haste. */
const FAR = 24_000;
const SPEED = 4_000;
/** Places of a list that are jumped to. */
const JUMPS = 20;
/** A pull of everything takes minutes on a busy machine. */
const PATIENCE = 1_200_000;

const browser = await chromium.launch({
  executablePath: process.env.CONGVAN_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "vi-VN" });
page.setDefaultTimeout(60_000);

const began = Date.now();
await page.goto(url);
await page.getByTestId("login-username").fill(user);
await page.getByTestId("login-password").fill(password);
await page.getByTestId("login-submit").click();
await page.getByTestId("network-line").waitFor();
await page.waitForFunction(
  async () => {
    const answer = await fetch("/ipc/sync_status", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    const status = await answer.json();
    return status.last_sync !== null && status.downloads_waiting === 0;
  },
  null,
  { timeout: PATIENCE, polling: 500 },
);
await page.getByTestId("nav-incoming").click();
await page.getByTestId("view-incoming_all").click();
await page.waitForFunction(
  (count) => Number(document.querySelector("[data-testid=document-list]")?.dataset.total) >= count,
  Number(letters),
  { timeout: PATIENCE, polling: 500 },
);
const pulled = (Date.now() - began) / 1000;

/** Notes the time of every frame, and whether rows in sight were still without their words. */
await page.evaluate(() => {
  globalThis.frames_noted = null;
  const note = (now) => {
    const notes = globalThis.frames_noted;
    if (notes !== null) {
      const waiting = document.querySelector("[data-testid=document-row]:not([data-id])") !== null;
      notes.push([now, waiting]);
    }
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
});
const begin = () => page.evaluate(() => void (globalThis.frames_noted = []));
const end = () =>
  page.evaluate(() => {
    const notes = globalThis.frames_noted;
    globalThis.frames_noted = null;
    return notes;
  });
const perSecond = (notes) => ((notes.length - 1) * 1000) / (notes.at(-1)[0] - notes[0][0]);

await begin();
await page.waitForTimeout(2_000);
const still = perSecond(await end());

const session = await page.context().newCDPSession(page);
const lists = [];
async function scrolled(name) {
  const list = page.getByTestId("document-list");
  await list.evaluate((element) => element.scrollTo(0, 0));
  const box = await list.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const height = await list.evaluate((element) => element.scrollHeight - element.clientHeight);
  const far = Math.min(FAR, height);
  await begin();
  await session.send("Input.synthesizeScrollGesture", {
    ...{ x, y, yDistance: -far, speed: SPEED, gestureSourceType: "mouse" },
    preventFling: true,
  });
  const notes = await end();
  const gaps = notes.slice(1).map(([now], i) => now - notes[i][0]);
  const top = await list.evaluate((element) => element.scrollTop);
  const row = await list.evaluate((element) => element.querySelector("[role=option]").offsetHeight);
  const jumps = await list.evaluate(async (element, count) => {
    const times = [];
    const high = element.scrollHeight - element.clientHeight;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let at = 0; at < count; at += 1) {
      const start = performance.now();
      element.scrollTo(0, (high * ((at * 7) % count)) / count);
      const { top, bottom } = element.getBoundingClientRect();
      for (;;) {
        await frame();
        const seen = [...element.querySelectorAll("[role=option]")].filter((row) => {
          const place = row.getBoundingClientRect();
          return place.bottom > top && place.top < bottom;
        });
        if (seen.length > 3 && seen.every((row) => row.dataset.id !== undefined)) break;
      }
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b);
  }, JUMPS);
  lists.push({
    name,
    total: Number(await list.getAttribute("data-total")),
    passed: Math.round(top / row),
    fps: perSecond(notes),
    worst_ms: Math.max(...gaps),
    late_percent: (gaps.filter((gap) => gap > 34).length * 100) / gaps.length,
    waiting_percent: (notes.filter(([, waiting]) => waiting).length * 100) / notes.length,
    jump_p50_ms: jumps[JUMPS / 2],
    jump_max_ms: jumps.at(-1),
  });
}

await scrolled("incoming, all");
await page.getByTestId("search").fill("lần");
await page.waitForFunction(
  (count) => Number(document.querySelector("[data-testid=document-list]")?.dataset.total) > 0,
);
await page.waitForTimeout(1_000);
await scrolled("incoming, found by a word");
await page.getByTestId("search").fill("");

// Page one from the click.
await page.getByTestId("nav-outgoing").click();
await page.getByTestId("view-outgoing_all").click();
await page.waitForFunction(
  (count) => Number(document.querySelector("[data-testid=document-list]")?.dataset.total) >= count,
  Number(drafts),
);
const opened = new Map();
// The first one opens by itself: it comes last.
const order = Array.from({ length: Number(drafts) }, (_, i) => (i + 1) % Number(drafts));
for (const at of order) {
  const list = page.getByTestId("document-list");
  const height = await page.getByTestId("document-row").first().evaluate((row) => row.offsetHeight);
  await list.evaluate((element, top) => element.scrollTo(0, top), Math.max(0, at - 2) * height);
  const row = page.locator(`[data-testid=document-row][aria-posinset="${at + 1}"][data-id]`);
  await row.waitFor();
  const subject = await row.innerText();
  const took = page.evaluate(
    () =>
      new Promise((done) => {
        const old = document.querySelector("[data-testid=page-image-0]")?.src;
        let clicked;
        addEventListener("click", () => { clicked = performance.now(); }, { once: true, capture: true });
        const look = () => {
          const image = document.querySelector("[data-testid=page-image-0]");
          const there = clicked !== undefined && image !== null && image.src !== old && image.complete;
          // What is there in this frame is on the screen by the next.
          if (there) requestAnimationFrame(() => done(performance.now() - clicked));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await row.click();
  opened.set(Number(/Dự thảo (\d+)/.exec(subject)[1]), await took);
}
const times = [...opened.entries()].sort(([a], [b]) => a - b).map(([, took]) => took);
await browser.close();
console.log(JSON.stringify({ pulled_s: pulled, still_fps: still, lists, opened_ms: times }));
