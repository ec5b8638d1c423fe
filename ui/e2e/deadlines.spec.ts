import type { Page } from "@playwright/test";
import { arrive, everyLook, HEAD, sent, sit, type Who, waitsFor } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, test } from "./office";
import { photograph } from "./photograph";

const SUBJECT = "Gửi báo cáo tự đánh giá";
/** The head of the section that supports. */
const OTHER_HEAD: Who = { username: "truongphong2", password: "TruongPhong2@2026" };

// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "deadlines" } });

/** The document of the story in that list, chosen, with its course beside it. */
async function open(page: Page, view: string) {
  await page.getByTestId(`view-${view}`).click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("document-list").focus();
  return page.getByTestId("course");
}

/** Who leads or supports, by a part of the name. */
async function name(page: Page, typed: string, key: string): Promise<void> {
  await page.getByTestId("people-find").fill(typed);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press(key);
}

test("a leader gives each a deadline of their own, by keyboard and with the network down; one after the common one is said at its field", async ({
  page,
  office,
}) => {
  await arrive(page, office, LEADER, "incoming");
  await open(page, "incoming_say");
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await office.cut();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("people-find")).toBeFocused();
  await name(page, "hoang van e", "1");
  await expect(page.getByTestId("own-deadlines")).toHaveCount(0);
  await name(page, "dang thi h", "2");
  await page.getByTestId("act-due").fill("+10");
  await page.getByTestId("own-deadlines").focus();
  await page.keyboard.press("Enter");
  const own = page.getByTestId("own-deadline");
  await expect(own.first()).toBeFocused();
  await own.first().fill("+12");
  await page.keyboard.press("Enter");
  await expect(own.last()).toBeFocused();
  await own.last().fill("+1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("không muộn hơn hạn chung");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await expect(own.first()).toHaveAttribute("aria-invalid", "true");
  await expect(own.last()).toHaveAttribute("aria-invalid", "false");
  await photograph(page, "han-rieng-muon");
  await own.first().fill("+7");
  await page.getByTestId("act-text").fill("Giao các phòng thực hiện đúng hạn riêng.");
  await expect(page.getByTestId("own-note")).toContainText("không muộn hơn");
  await everyLook(page, office, "han-rieng");
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Chỉ đạo, giao việc: đã lưu trên máy")).toBeVisible();
  const panel = await open(page, "incoming_all");
  await expect(panel.getByTestId("course-people")).toContainText(
    /Hoàng Văn E.*hạn .*Đặng Thị H.*hạn/,
  );
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
  await expect(panel).toContainText(
    /Hoàng Văn E \(.*, hạn .*\) chủ trì; Đặng Thị H \(.*, hạn .*\) phối hợp/,
  );
});

test("each reads their own deadline in the list and beside the document, and that of the whole", async ({
  page,
  office,
}) => {
  await sit(page, office, OTHER_HEAD);
  // Tomorrow is near for who supports, and for nobody else.
  let panel = await open(page, "incoming_due_soon");
  const standing = panel.getByTestId("course-standing");
  await expect(standing).toContainText("Hạn của bạn");
  await expect(panel.getByTestId("course-due-whole")).toContainText("Hạn chung của văn bản");
  await everyLook(page, office, "han-rieng-phoi-hop");

  // More time for this person alone.
  await expect(page.getByTestId("course-act-ask_extension")).toBeVisible();
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("x");
  await expect(page.getByTestId("act-due")).toBeFocused();
  await page.getByTestId("act-due").fill("+5");
  await page.getByTestId("act-text").fill("Chờ số liệu của thôn");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("course-extension")).toContainText("Chờ số liệu của thôn");
  await sent(page, office);

  await sit(page, office, LEADER);
  await open(page, "incoming_say");
  await waitsFor(page, office, "answer_extension");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-answer_extension")).toBeVisible();
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Trả lời xin gia hạn: đã lưu trên máy")).toBeVisible();
  await sent(page, office);

  await sit(page, office, HEAD);
  panel = await open(page, "incoming_hold");
  await expect(standing).toContainText("Hạn của bạn");
  await expect(panel).toContainText("Đồng ý gia hạn");
  await expect(page.getByTestId("view-incoming_due_soon")).not.toHaveAttribute("data-count", "1");
  await page.getByTestId("course-act-assign").click();
  await expect(page.getByTestId("act-form-assign")).toBeVisible();
  await name(page, "le van c", "1");
  // After the unit's own deadline, though before that of the whole.
  await page.getByTestId("act-due").fill("+9");
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await photograph(page, "han-rieng-phan-cong-muon");
  await page.getByTestId("act-due").fill("+6");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Phân công: đã lưu trên máy")).toBeVisible();
  await sent(page, office);
});
