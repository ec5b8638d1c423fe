import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "@playwright/test";
import { arrive, choose, FULL, HEAD, look, OFFICIAL, SMALL, sent, sit, waitsFor } from "./desks";
import { ask } from "./inbox";
import { CLERK, expect, openFrame, test } from "./office";
import { photograph } from "./photograph";

const SUBJECT = "Tăng cường phòng, chống cháy rừng mùa khô";
let folder = "";
let wrong = "";
let right = "";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "format" } });

test.beforeAll(async ({ browser }) => {
  folder = mkdtempSync(join(tmpdir(), "congvan-the-thuc-"));
  wrong = await write(browser, "sai.pdf", { left: 22, size: 12, day: "15 tháng 12" });
  right = await write(browser, "dung.pdf", { left: 30, size: 14, day: "20 tháng 12" });
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manner {
  /** Left margin, in millimetres. */
  left: number;
  /** Size of the text, in points. */
  size: number;
  /** Until when the letter asks for an answer. */
  day: string;
}

/** The side panel is drawn to a width, from the keyboard. */
async function drawn(page: Page, width: number): Promise<void> {
  const edge = page.getByRole("separator", { name: "Change the width of the details panel" });
  for (;;) {
    const now = Number(await edge.getAttribute("aria-valuenow"));
    if (now === width) return;
    const next = now + Math.sign(width - now) * 16;
    await edge.press(next < now ? "ArrowRight" : "ArrowLeft");
    await expect(edge).toHaveAttribute("aria-valuenow", String(next));
  }
}

/** No tab of the side panel reaches over its edge. */
async function tabsAreWhole(page: Page): Promise<void> {
  const panel = page.getByRole("complementary", { name: "Details of the document" });
  const tabs = panel.getByRole("tab");
  await expect(tabs).toHaveCount(5);
  const edge = await panel.evaluate((one) => one.getBoundingClientRect().right);
  for (const tab of await tabs.all()) {
    const right = await tab.evaluate((one) => one.getBoundingClientRect().right);
    expect(right).toBeLessThanOrEqual(edge);
  }
}

/** A letter of two pages, set in a word processor's way. */
async function write(browser: Browser, name: string, manner: Manner): Promise<string> {
  const paragraph =
    "Ủy ban nhân dân xã đề nghị các thôn, các đơn vị đóng trên địa bàn rà soát phương án phòng cháy, " +
    "chữa cháy rừng, phân công người trực, chuẩn bị phương tiện và nước chữa cháy, tuyên truyền đến " +
    "từng hộ dân sống gần rừng, không đốt nương trong những ngày nắng nóng kéo dài.";
  const html = `<html lang="vi"><style>
    @page { size: A4; margin: 20mm 15mm 20mm ${manner.left}mm; }
    body { margin: 0; font: ${manner.size}pt/1.25 "Liberation Serif", Tinos, serif; }
    table { width: 100%; border-collapse: collapse; text-align: center; }
    td { vertical-align: top; padding: 0; font-size: 13pt; }
    .half { width: 42%; }
    p { margin: 6pt 0; text-align: justify; text-indent: 10mm; }
  </style><body>
    <table><tr>
      <td class="half">UBND TỈNH H99<br><b>UBND XÃ BÌNH MINH ĐÔNG</b>
        <div style="border-top:1px solid;width:26mm;margin:1pt auto"></div></td>
      <td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>
        <b style="font-size:14pt">Độc lập - Tự do - Hạnh phúc</b>
        <div style="border-top:1px solid;width:62mm;margin:1pt auto"></div></td>
    </tr><tr>
      <td class="half" style="padding-top:12pt">Số: /UBND-KT
        <br><span style="font-size:12pt">V/v tăng cường phòng, chống cháy rừng</span></td>
      <td style="padding-top:12pt"><i style="font-size:14pt">Bình Minh Đông, ngày tháng 11 năm 2026</i></td>
    </tr></table>
    <p style="margin-top:18pt;text-align:center;text-indent:0">Kính gửi: Các thôn, các đơn vị trên địa bàn xã.</p>
    ${`<p>${paragraph}</p>`.repeat(17)}
    <p>Kết quả gửi về Ủy ban nhân dân xã trước ngày ${manner.day} năm 2026./.</p>
    <table style="margin-top:18pt"><tr>
      <td class="half" style="text-align:left;font-size:11pt">
        <b><i style="font-size:12pt">Nơi nhận:</i></b><br>- Như trên;<br>- Lưu: VT, KT.</td>
      <td style="font-size:14pt"><b>CHỦ TỊCH</b><br><br><br><br><b>Nguyễn Văn A</b></td>
    </tr></table></body></html>`;
  const sheet = await browser.newPage();
  await sheet.setContent(html);
  const path = join(folder, name);
  await sheet.pdf({ path, preferCSSPageSize: true });
  await sheet.close();
  return path;
}

/** The draft of the story, chosen, with a tab of the panel beside its pages. */
async function open(page: Page, tab: string): Promise<void> {
  await page.getByTestId("nav-outgoing").click();
  await page.getByTestId("view-outgoing_all").click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId(`tab-${tab}`).click();
}

const fault = (page: Page, words: string): Locator =>
  page.getByTestId("format-fault").filter({ hasText: words });

test("a draft is checked before it is made, with the network down, and says what to mend", async ({
  page,
  office,
}) => {
  await arrive(page, office, OFFICIAL, "outgoing");
  await office.cut();
  await page.keyboard.press("Control+d");
  const line = page.getByTestId("format-line");
  await choose(page, wrong);
  await expect(line.getByTestId("format-summary")).toContainText("lỗi");
  await line.getByText("Xem các điểm chưa đúng").click();
  await expect(line).toContainText("Lề trái: đo được 22 mm; đặt 30 mm đến 35 mm (I.3, trang 1–2)");
  await photograph(page, "the-thuc-khi-soan");
  await page.setViewportSize(SMALL);
  await photograph(page, "the-thuc-khi-soan-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("draft-kind").fill("cong van");
  await page.getByTestId("draft-symbol").fill("UBND-KT");
  await page.getByTestId("draft-subject").fill(SUBJECT);
  await page.getByTestId("draft-save").click();
  await expect(page.getByTestId("draft-dialog")).toHaveCount(0);
  await open(page, "flow");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("s");
  await page.getByTestId("people-find").fill("hoang van e");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("course-standing")).toContainText("Chờ Hoàng Văn E duyệt");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);

  await sit(page, office, HEAD, "outgoing");
  await open(page, "flow");
  await waitsFor(page, office, "approve");
  await page.getByTestId("act-approve").click();
  await page.getByTestId("act-send").click();
  await expect(page.getByTestId("course-standing")).toContainText("Chờ văn thư duyệt thể thức");
  await sent(page, office);
});

test("at format review the clerk goes from fault to fault on the page, and sends back those chosen", async ({
  page,
  office,
}) => {
  await sit(page, office, CLERK, "outgoing");
  await open(page, "info");
  await waitsFor(page, office, "check_format");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Shift+F");
  const panel = page.getByTestId("format-panel");
  await expect(panel.getByTestId("format-summary")).toContainText("lỗi");
  await expect(fault(page, "Lề trái")).toContainText("trang 1–2");
  await expect(fault(page, "Lề trái")).toContainText("I.3, Phần I Phụ lục I");
  await photograph(page, "the-thuc-danh-sach");

  // Every place of a fault is gone to, the page with it.
  await fault(page, "Lề trái").click();
  await expect(page.getByTestId("lit-fault-current")).toBeVisible();
  await expect(fault(page, "Lề trái")).toContainText("1/2");
  await panel.getByTestId("format-faults").focus();
  await page.keyboard.press("Enter");
  await expect(fault(page, "Lề trái")).toContainText("2/2");
  await expect(page.getByTestId("page-number")).toHaveValue("2");
  await expect(page.getByTestId("lit-fault-current")).toBeVisible();
  await photograph(page, "the-thuc-trang-hai");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("page-number")).toHaveValue("1");
  await photograph(page, "the-thuc-trang-mot");
  await page.setViewportSize(SMALL);
  await page.keyboard.press("Shift+F");
  await expect(panel.getByTestId("format-faults")).toBeVisible();
  await photograph(page, "the-thuc-125");
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "vi");
  await photograph(page, "the-thuc-toi");
  await look(page, office, "light", "en");
  await expect(panel.getByTestId("format-summary")).toContainText("fault");
  await photograph(page, "the-thuc-en");
  await look(page, office, "light", "vi");

  // A note on a place of the page, beside the check.
  await page
    .getByTestId("page-text-0")
    .locator("span")
    .filter({ hasText: "tăng" })
    .first()
    .dblclick();
  await page.keyboard.press("Shift+G");
  await expect(page.getByTestId("noting")).toContainText("Ghi chú cho trang 1 “tăng”");
  await expect(page.getByTestId("opinion-text")).toBeFocused();
  await page.getByTestId("opinion-text").fill("Trích yếu nên nêu rõ năm 2026.");
  await photograph(page, "ghi-chu-soan");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("note")).toHaveAttribute("data-open", "true");
  await expect(page.getByTestId("notes-open")).toHaveText("1 ghi chú chưa xử lý");
  await expect(page.getByTestId("noting")).toHaveCount(0);
  await expect(page.getByTestId("lit-note-hit")).toBeVisible();
  await photograph(page, "ghi-chu-tren-trang");
  await page.getByTestId("tab-format").click();

  await panel.getByTestId("format-back").click();
  await expect(panel).toContainText("Chọn ít nhất một lỗi để trả lại.");
  for (const words of ["Lề trái", "Nội dung: cỡ chữ"]) {
    await fault(page, words).getByTestId("format-choose").click();
    await expect(fault(page, words)).toHaveAttribute("aria-selected", "true");
  }
  await photograph(page, "the-thuc-chon-loi");
  await panel.getByTestId("format-back").click();
  await expect(page.getByTestId("act-form-return")).toBeVisible();
  await expect(page.getByTestId("act-text")).toHaveValue(
    /Lề trái: đo được 22 mm.*\n.*cỡ chữ 12 pt/,
  );
  await photograph(page, "the-thuc-ly-do");
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-return")).toHaveCount(0);
  await sent(page, office);
});

test("the drafter goes to the note on the page and settles it with the network down", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL, "outgoing");
  await open(page, "opinions");
  await waitsFor(page, office, "submit");
  await expect(page.getByTestId("opinion-item")).toContainText("Trích yếu nên nêu rõ năm 2026.");
  await page.getByTestId("note-go").click();
  await expect(page.getByTestId("lit-note-current")).toBeVisible();
  await photograph(page, "ghi-chu-nguoi-soan");
  await page.setViewportSize(SMALL);
  await page.getByTestId("tab-opinions").click();
  await expect(page.getByTestId("note")).toBeVisible();
  await photograph(page, "ghi-chu-125");
  await page.setViewportSize(FULL);
  await office.cut();
  await page.getByTestId("note-settle").click();
  await expect(page.getByTestId("note")).toHaveAttribute("data-open", "false");
  await expect(page.getByTestId("note")).toContainText("Lê Văn C");
  await expect(page.getByTestId("notes-open")).toHaveCount(0);
  await look(page, office, "dark", "en");
  await expect(page.getByTestId("note")).toContainText("Dealt with");
  await photograph(page, "ghi-chu-toi-en");
  await drawn(page, 264);
  await tabsAreWhole(page);
  await photograph(page, "the-bang-hep-en");
  await drawn(page, 328);
  await look(page, office, "light", "vi");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
});

test("a settled note is opened again, and a note stands on a box that is moved by keyboard or drawn", async ({
  page,
  office,
}) => {
  await openFrame(page, office, OFFICIAL);
  await open(page, "opinions");
  await office.cut();
  await page.getByTestId("note-reopen").click();
  await expect(page.getByTestId("note")).toHaveAttribute("data-open", "true");
  await expect(page.getByTestId("note-word")).toHaveCount(2);
  await expect(page.getByTestId("note-word").last()).toContainText("Mở lại");
  await expect(page.getByTestId("notes-open")).toHaveText("1 ghi chú chưa xử lý");
  await photograph(page, "ghi-chu-mo-lai");

  const box = page.getByTestId("note-box");
  const place = async () => {
    const found = await box.boundingBox();
    if (found === null) throw new Error("the box is not on the screen");
    return found;
  };
  await page.locator("[data-viewer]").focus();
  await page.keyboard.press("Shift+G");
  await expect(box).toBeFocused();
  const before = await place();
  for (const key of ["Shift+ArrowDown", "Shift+ArrowLeft", "Control+Shift+ArrowRight"])
    await page.keyboard.press(key);
  await expect.poll(async () => (await place()).width).toBeGreaterThan(before.width);
  const after = await place();
  expect(after.x).toBeLessThan(before.x);
  expect(after.y).toBeGreaterThan(before.y);
  await photograph(page, "ghi-chu-o");
  await page.keyboard.press("Escape");
  await expect(box).toHaveCount(0);
  await page.setViewportSize(SMALL);
  await page.locator("[data-viewer]").focus();
  await page.keyboard.press("Shift+G");
  await expect(box).toBeFocused();
  await photograph(page, "ghi-chu-o-125");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("opinion-text")).toBeFocused();
  await photograph(page, "ghi-chu-o-viet-125");
  await page.setViewportSize(FULL);
  await expect(page.getByTestId("noting")).toContainText("Kéo chuột trên trang");

  const sheet = await page.getByTestId("note-page-0").boundingBox();
  if (sheet === null) throw new Error("the page is not on the screen");
  const [x, y] = [sheet.x + 90, Math.max(sheet.y, 0) + 320];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 120, y + 30);
  await page.mouse.move(x + 240, y + 60);
  await page.mouse.up();
  const drawn = await place();
  expect(Math.abs(drawn.width - 240)).toBeLessThan(3);
  expect(Math.abs(drawn.height - 60)).toBeLessThan(3);
  await expect(page.getByTestId("opinion-text")).toBeFocused();
  await page.getByTestId("opinion-text").fill("Cả đoạn này nên gọn lại.");
  await look(page, office, "dark", "en");
  await photograph(page, "ghi-chu-o-toi-en");
  await look(page, office, "light", "vi");
  await page.getByTestId("opinion-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(box).toHaveCount(0);
  await expect(page.getByTestId("note")).toHaveCount(2);
  await expect(page.getByTestId("lit-note-hit")).toHaveCount(2);
  await photograph(page, "ghi-chu-hai-o");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
});

test("the new version stands beside the old one, with the words that differ lit on both", async ({
  page,
  office,
}) => {
  await openFrame(page, office, OFFICIAL);
  await open(page, "flow");
  await waitsFor(page, office, "submit");
  await expect(page.getByTestId("draft-sent-back")).toContainText("Lề trái: đo được 22 mm");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("m");
  await expect(page.getByTestId("act-form-revise")).toBeVisible();
  await choose(page, right);
  await expect(page.getByTestId("draft-file")).toContainText("dung.pdf");
  await expect(page.getByTestId("format-summary")).not.toContainText("Đang kiểm tra");
  await photograph(page, "the-thuc-ban-moi");
  await page.getByTestId("act-text").fill("Sửa thể thức, lùi hạn báo cáo");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("draft-versions").getByRole("listitem")).toHaveCount(2);
  await page.getByTestId("version-beside").click();
  await expect(page.getByTestId("compare")).toBeVisible();
  await expect(page.getByTestId("changes-summary")).toHaveText("1 chỗ sửa");
  await expect(page.getByTestId("change")).toContainText("15 → 20");
  await page.getByTestId("changes-next").click();
  await expect(page.getByTestId("changes-at")).toHaveText("1/1");
  await expect(page.getByTestId("lit-gone-current")).toBeVisible();
  await expect(page.getByTestId("lit-new-current")).toBeVisible();
  await photograph(page, "so-sanh-chu");
  await page.setViewportSize(SMALL);
  await photograph(page, "so-sanh-chu-125");
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "en");
  await expect(page.getByTestId("changes-summary")).toHaveText("1 change");
  await photograph(page, "so-sanh-chu-toi-en");
  await look(page, office, "light", "vi");
  await page.getByTestId("compare-words").click();
  await expect(page.getByTestId("changes-list")).toHaveCount(0);
  await expect(page.getByTestId("lit-new-current")).toHaveCount(0);
  await page.getByTestId("compare-stop").click();
  await expect(page.getByTestId("compare")).toHaveCount(0);
});
