import type { Page } from "@playwright/test";
import { expect, type Office, openDesk, PIN, settled, test } from "./office";
import { photograph } from "./photograph";
import { openTray, typePin } from "./tray";

test.use({ setup: { drafts: 9, shim: true } });

async function openSettings(page: Page, office: Office, tab: string): Promise<void> {
  await openDesk(page, office);
  await page.getByTestId("nav-settings").click();
  await page.getByTestId(`settings-${tab}`).click();
}

/** A photo as a phone takes it: a curve of dark ink on paper, a lamp at one side, noise. */
async function photo(page: Page): Promise<Buffer> {
  const text = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 1400;
    canvas.height = 900;
    const draw = canvas.getContext("2d");
    if (draw === null) throw new Error("no canvas");
    const light = draw.createLinearGradient(0, 0, 1400, 500);
    light.addColorStop(0, "#f4f1ea");
    light.addColorStop(1, "#8f8a80");
    draw.fillStyle = light;
    draw.fillRect(0, 0, 1400, 900);
    draw.strokeStyle = "rgba(90,110,160,0.35)";
    for (let y = 60; y < 900; y += 70) draw.strokeRect(-5, y, 1410, 1);
    draw.strokeStyle = "#20243a";
    draw.lineWidth = 9;
    draw.lineCap = "round";
    draw.beginPath();
    for (let t = 0; t <= 1; t += 0.005) {
      const x = 420 + 520 * t + Math.sin(t * 34) * 45;
      const y = 450 + 130 * Math.sin(t * 18) * Math.cos(t * 6);
      if (t === 0) draw.moveTo(x, y);
      else draw.lineTo(x, y);
    }
    draw.stroke();
    return canvas.toDataURL("image/jpeg", 0.9);
  });
  return Buffer.from(text.split(",")[1] ?? "", "base64");
}

/** A red seal of 425 pixels with black print running under it. */
async function sealScan(page: Page): Promise<Buffer> {
  const text = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 640;
    canvas.height = 640;
    const draw = canvas.getContext("2d");
    if (draw === null) throw new Error("no canvas");
    draw.fillStyle = "#fbfaf7";
    draw.fillRect(0, 0, 640, 640);
    draw.fillStyle = "#222";
    draw.font = "30px serif";
    draw.fillText("Nguyễn Văn A", 220, 560);
    draw.strokeStyle = "#cf2a2f";
    draw.lineWidth = 8;
    for (const radius of [208, 190, 120]) {
      draw.beginPath();
      draw.arc(320, 320, radius, 0, 7);
      draw.stroke();
    }
    draw.fillStyle = "#cf2a2f";
    draw.font = "bold 90px serif";
    draw.fillText("★", 275, 350);
    return canvas.toDataURL("image/png");
  });
  return Buffer.from(text.split(",")[1] ?? "", "base64");
}

test("a photo of a signature becomes the decree's blue picture, cut out by itself, and is kept", async ({
  page,
  office,
}) => {
  await openSettings(page, office, "templates");
  await photograph(page, "mau-trong");
  await page.getByTestId("template-make-signature").click();
  await photograph(page, "mau-chon-anh");
  const file = { name: "chu-ky.jpg", mimeType: "image/jpeg", buffer: await photo(page) };
  await page.getByTestId("template-file").setInputFiles(file);
  const result = page.getByTestId("template-result");
  await expect(result).toBeVisible();
  const facts = await result.evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    let [blue, other, clear] = [0, 0, 0];
    for (let i = 0; i < pixels.length; i += 4) {
      if ((pixels[i + 3] ?? 0) < 8) clear++;
      else if ((pixels[i + 2] ?? 0) > 120 && (pixels[i] ?? 0) < 60) blue++;
      else if ((pixels[i + 3] ?? 0) > 60) other++;
    }
    return { width, height, blue, other, clear };
  });
  expect(facts.blue).toBeGreaterThan(5_000);
  expect(facts.other).toBe(0);
  expect(facts.clear).toBeGreaterThan(facts.blue);
  // The curve is 600 of the photo's 1400 pixels wide: the frame found it.
  expect(facts.width).toBeGreaterThan(500);
  expect(facts.width).toBeLessThan(760);
  await photograph(page, "mau-cat-anh");
  await page.getByTestId("template-width").fill("52");
  await page.keyboard.press("Enter");
  await page.getByText("Trên trang", { exact: true }).click();
  await expect(page.getByTestId("sample-page")).toBeVisible();
  await photograph(page, "mau-tren-trang");
  await page.getByTestId("template-save").click();
  await expect(page.getByTestId("template-signature")).toContainText("52 ×");
  const kept = page.getByTestId("template-signature").getByRole("img");
  await expect
    .poll(() => kept.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(300);
});

test("a scanned seal keeps its true size and loses the print under it", async ({
  page,
  office,
}) => {
  await openSettings(page, office, "templates");
  await page.getByTestId("template-make-seal").click();
  const file = { name: "dau.png", mimeType: "image/png", buffer: await sealScan(page) };
  await page.getByTestId("template-file").setInputFiles(file);
  await expect(page.getByTestId("template-result")).toBeVisible();
  // 424 pixels at 300 dpi, with a little space around.
  const width = await page.getByTestId("template-width").inputValue();
  expect(Number(width.replace(",", "."))).toBeGreaterThan(35);
  expect(Number(width.replace(",", "."))).toBeLessThan(38.5);
  await photograph(page, "mau-con-dau");
  await page.getByTestId("template-save").click();
  await expect(page.getByTestId("sample-page").locator("img")).toHaveCount(2);
  await photograph(page, "mau-day-du");
});

test("the picture stands in the box on the page and goes into the signed document", async ({
  page,
  office,
}) => {
  await openDesk(page, office);
  await settled(page, office);
  await openTray(page);
  await page.getByText("Xem khung trên trang").click();
  await expect(page.getByTestId("sign-placement").locator("img")).toBeVisible();
  await photograph(page, "trinh-ky-co-mau");
});

test("the diagnosis names reader, module, token and certificates, and exports without names", async ({
  page,
  office,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openDesk(page, office);
  await expect(page.getByTestId("token-line")).toHaveAttribute("data-look", "ready");
  await page.getByTestId("token-line").click();
  await expect(page.getByTestId("token-card")).toContainText("Token trình duyệt");
  await expect(page.getByTestId("token-certificate").first()).toContainText("Nguyễn Văn A");
  await photograph(page, "token");
  await page.getByTestId("token-copy").click();
  await expect(page.getByText("Đã sao chép báo cáo")).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report.length).toBeGreaterThan(100);
  expect(report).not.toContain("Nguyễn Văn A");
});

test("pulling and plugging the token is seen within a moment, with the remedy", async ({
  page,
  office,
}) => {
  await openSettings(page, office, "token");
  const line = page.getByTestId("token-line");
  await expect(line).toHaveAttribute("data-look", "ready");
  office.pull();
  await expect(line).toHaveAttribute("data-look", "none", { timeout: 3_000 });
  await expect(line).toContainText("Chưa cắm token");
  await expect(page.getByTestId("token-page").getByTestId("error-message").first()).toBeVisible();
  await photograph(page, "token-khong-co");
  office.plug();
  await expect(line).toHaveAttribute("data-look", "ready", { timeout: 3_000 });
});

test("the PIN is changed in its own window, typed twice, and the old one no longer works", async ({
  page,
  office,
  context,
}) => {
  await openSettings(page, office, "token");
  const opened = context.waitForEvent("page");
  await page.getByTestId("pin-change").click();
  const pin = await opened;
  await pin.getByTestId("pin-input").fill(PIN);
  await pin.getByTestId("pin-new").fill("135791");
  await pin.getByTestId("pin-again").fill("135792");
  await expect(pin.locator("main")).toContainText("chưa giống nhau");
  await expect(pin.getByTestId("pin-submit")).toBeDisabled();
  await pin.setViewportSize({ width: 460, height: 470 });
  await photograph(pin, "pin-doi");
  await pin.getByTestId("pin-again").fill("135791");
  await pin.keyboard.press("Enter").catch(() => undefined);
  await expect(page.getByText("Đã đổi mã PIN của token")).toBeVisible();
  const back = context.waitForEvent("page");
  await page.getByTestId("pin-change").click();
  const again = await back;
  await again.getByTestId("pin-input").fill("135791");
  await again.getByTestId("pin-new").fill(PIN);
  await again.getByTestId("pin-again").fill(PIN);
  await again.keyboard.press("Enter").catch(() => undefined);
  await expect(page.getByTestId("pin-change")).toBeEnabled();
  expect(office.triesLeft()).toBe(3);
});

test("training says at the top of every screen that it is training, and signs only samples", async ({
  page,
  office,
  context,
}) => {
  await openSettings(page, office, "training");
  await expect(page.getByTestId("training-scenario").first()).toBeVisible();
  await photograph(page, "tap-duot");
  await page.locator('[data-testid="training-scenario"][data-id="normal"]').click();
  const banner = page.getByTestId("training-banner");
  await expect(banner).toContainText("ĐANG TẬP DƯỢT – không có giá trị pháp lý");
  const secret = /PIN tập dượt: (\d+)/.exec((await banner.textContent()) ?? "")?.[1] ?? "";
  const opened = context.waitForEvent("page");
  await page.getByTestId("training-sign").click();
  await typePin(await opened, secret);
  await expect(page.getByTestId("training-report").locator('[data-state="SIGNED"]')).toHaveCount(3);
  await photograph(page, "tap-duot-ky");
  for (const section of ["incoming", "to_sign", "sync"]) {
    await page.getByTestId(`nav-${section}`).click();
    await expect(banner).toBeVisible();
  }
  await page.getByTestId("nav-settings").click();
  await page.locator('[data-testid="training-scenario"][data-id="locked"]').click();
  await expect(page.getByTestId("token-line")).toContainText("PIN đã bị khoá");
  await page.getByTestId("training-sign").click();
  // A locked token is said at once: nobody is asked for a PIN that cannot be used.
  await expect(page.getByText("Mã PIN_LOCKED")).toBeVisible();
  await photograph(page, "tap-duot-bi-khoa");
  await page.getByTestId("training-stop").click();
  await expect(banner).toBeHidden();
});

for (const [name, settings, size] of [
  ["toi", { theme: "dark", language: "vi" }, { width: 1366, height: 768 }],
  ["tieng-anh", { theme: "light", language: "en" }, { width: 1366, height: 768 }],
  ["125", { theme: "light", language: "vi" }, { width: 1093, height: 614 }],
] as const) {
  test(`the new screens in another look: ${name}`, async ({ page, office }) => {
    test.slow();
    await page.setViewportSize(size);
    await openDesk(page, office);
    for (const [key, value] of Object.entries(settings)) {
      await page.request.post(`${office.url}/ipc/setting_set`, { data: { key, value } });
    }
    await expect(page.locator("html")).toHaveAttribute("lang", settings.language);
    await openTray(page);
    await photograph(page, `trinh-ky-${name}`);
    for (const tab of ["token", "templates", "training"]) {
      await page.getByTestId("nav-settings").click();
      await page.getByTestId(`settings-${tab}`).click();
      await expect(page.getByTestId(`settings-${tab}`)).toHaveAttribute("data-active", "");
      await photograph(page, `${tab}-${name}`);
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      expect(sideways).toBe(false);
    }
    for (const key of ["theme", "language"] as const) {
      const value = key === "theme" ? "light" : "vi";
      await page.request.post(`${office.url}/ipc/setting_set`, { data: { key, value } });
    }
  });
}
