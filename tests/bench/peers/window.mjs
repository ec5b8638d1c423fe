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

// Page one: of a letter far away, of which nothing was there before; of the next one, by the arrow
// key; and of one that the pointer rested on.
/** How long a letter is looked at before the next, and how long the pointer rests on a row. */
const DWELL_MS = 700;
const REST_MS = 100;
/** Of so many rows the first is far away, the second is the next, the fourth is pointed at. */
const GROUP = 5;
/** Times that the list is gone through, each time with other rows in each part. */
const ROUNDS = 3;

const rowAt = (at) =>
  page.locator(`[data-testid=document-row][aria-posinset="${at + 1}"][data-id]`);

async function toDrafts() {
  await page.getByTestId("nav-outgoing").click();
  await page.getByTestId("view-outgoing_all").click();
  await page.waitForFunction(
    (count) => Number(document.querySelector("[data-testid=document-list]")?.dataset.total) >= count,
    Number(drafts),
  );
  await page.locator("[data-testid=page-image-0]").waitFor();
}

/** From now on notes when the person acts, what is asked for since, and when page one is on the
 * screen. */
const watch = () =>
  page.evaluate(() => {
    globalThis.page_shown = new Promise((done) => {
      const old = document.querySelector("[data-testid=page-image-0]")?.src;
      performance.clearResourceTimings();
      performance.setResourceTimingBufferSize(2_000);
      let began;
      const begin = () => (began ??= performance.now());
      for (const kind of ["pointerdown", "keydown"]) {
        addEventListener(kind, begin, { once: true, capture: true });
      }
      const end = () => {
        const took = performance.now() - began;
        const asked = performance
          .getEntriesByType("resource")
          .filter((entry) => entry.responseEnd >= began)
          .map(({ name, startTime, responseEnd }) => ({
            name: new URL(name).pathname.replace(/[0-9a-f]{64}/, ""),
            from: startTime - began,
            to: responseEnd - began,
          }));
        done({ took, asked });
      };
      const look = () => {
        const image = document.querySelector("[data-testid=page-image-0]");
        const there = began !== undefined && image !== null && image.src !== old && image.complete;
        // What is there in this frame is on the screen by the next.
        if (there) requestAnimationFrame(end);
        else requestAnimationFrame(look);
      };
      look();
    });
  });

/** What page one waited for, in milliseconds from the act; what was there before is left out. */
function stages({ took, asked }) {
  const part = (path) => asked.find(({ name }) => name.startsWith(path));
  const [detail, file] = [part("/ipc/document_get"), part("/ipc/document_file_open")];
  return { took, detail, file, picture: part("/page//0") };
}

const opened = [];
async function open(way, at, act) {
  const row = rowAt(at);
  await row.waitFor();
  const number = Number(/Dự thảo (\d+)/.exec(await row.innerText())[1]);
  await watch();
  await act(row);
  const seen = await page.evaluate(() => globalThis.page_shown);
  opened.push({ way, number, ...stages(seen) });
  await page.waitForTimeout(DWELL_MS);
}

for (let round = 0; round < ROUNDS; round += 1) {
  await session.send("Network.clearBrowserCache");
  await page.reload();
  await toDrafts();
  await page.waitForTimeout(DWELL_MS);
  // The fifth row of each stands between what was read ahead and the next that is far away.
  for (let at = round; at + GROUP <= Number(drafts); at += GROUP) {
    const list = page.getByTestId("document-list");
    const height = await page.getByTestId("document-row").first().evaluate((row) => row.offsetHeight);
    await list.evaluate((element, top) => element.scrollTo(0, top), Math.max(0, at - 2) * height);
    // The first letter of a list opens by itself.
    if (at > 1) await open("far", at, (row) => row.click());
    else await rowAt(at).click();
    await page.waitForTimeout(DWELL_MS);
    await list.focus();
    await open("next", at + 1, () => page.keyboard.press("ArrowDown"));
    await open("rested", at + 3, async (row) => {
      await row.hover();
      await page.waitForTimeout(REST_MS);
      await page.mouse.down();
      await page.mouse.up();
    });
    await page.mouse.move(2, 2);
  }
}
await browser.close();
console.log(JSON.stringify({ pulled_s: pulled, still_fps: still, lists, opened }));
