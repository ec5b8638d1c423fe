import type { Page } from "@playwright/test";
import { FULL, HEAD, look, SMALL, sent, sit, type Who } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, type Office, openFrame, settled, test } from "./office";
import { photograph } from "./photograph";

/** Who manages the units of the agency. */
const MANAGER: Who = { username: "quantri", password: "QuanTri@2026" };
/** Another official of the economic section. */
const COLLEAGUE: Who = { username: "chuyenvien2", password: "ChuyenVien2@2026" };

const SUBJECT = "Gửi báo cáo tự đánh giá";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "posts", roles: true } });

/** Opens the menu under the person's name. */
async function menu(page: Page): Promise<void> {
  await page.getByTestId("account-menu").click();
  await expect(page.getByTestId("logout")).toBeVisible();
}

async function mandates(page: Page): Promise<void> {
  await menu(page);
  await page.getByTestId("mandates-open").click();
  await expect(page.getByTestId("mandates")).toBeVisible();
}

async function closed(page: Page): Promise<void> {
  await page.getByTestId("mandates-close").click();
  await expect(page.getByTestId("mandates")).toHaveCount(0);
}

/** Waits until this desk has heard of as many mandates that it holds. */
async function holds(page: Page, office: Office, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        return (await ask(page, office, "capacity_list", {})).held.length;
      },
      { timeout: 60_000 },
    )
    .toBe(count);
}

test("a leader gives a delegation in writing; what is missing is said at its field", async ({
  page,
  office,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(FULL);
  await openFrame(page, office, LEADER);
  await page.getByTestId("nav-incoming").click();
  await settled(page, office);
  // One post and nothing held: nothing to choose, and nothing is shown.
  await expect(page.getByTestId("capacity-chip")).toHaveCount(0);
  await mandates(page);
  await expect(page.getByTestId("mandates")).toContainText("Chưa giao ai.");
  await photograph(page, "uy-quyen-trong");
  await page.getByTestId("mandate-give").click();
  await expect(page.getByTestId("mandates")).toContainText("Chọn người được giao.");
  const holder = page.getByTestId("mandate-holder");
  const head = holder.locator("option", { hasText: "Hoàng Văn E" });
  await holder.selectOption((await head.getAttribute("value")) ?? "");
  await page.getByTestId("mandate-give").click();
  await expect(page.getByTestId("mandates")).toContainText("Ghi số văn bản uỷ quyền.");
  await page.getByTestId("mandate-reference").fill("05/GUQ-UBND");
  await page.setViewportSize(SMALL);
  await photograph(page, "uy-quyen-giao-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("mandate-give").click();
  const given = page.getByTestId("mandate");
  await expect(given).toContainText("Hoàng Văn E, Trưởng phòng");
  await expect(given).toContainText("văn bản 05/GUQ-UBND");
  await photograph(page, "uy-quyen-da-giao");
  await closed(page);
});

test("the delegate chooses the capacity, directs in the leader's place, and the step names both", async ({
  page,
  office,
}) => {
  await sit(page, office, HEAD);
  await holds(page, office, 1);
  await expect(page.getByTestId("capacity-chip")).toContainText("Trưởng phòng");
  await menu(page);
  await photograph(page, "vai-chon");
  const option = page.getByTestId("capacity-option").filter({ hasText: "TUQ. Chủ tịch" });
  await expect(option).toContainText("thay Nguyễn Văn A");
  await option.click();
  const chip = page.getByTestId("capacity-chip");
  await expect(chip).toContainText("Đang làm với vai: TUQ. Chủ tịch");
  await page.getByTestId("view-incoming_say").click();
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await photograph(page, "vai-uy-quyen");
  await page.setViewportSize(SMALL);
  await photograph(page, "vai-uy-quyen-125");
  await page.setViewportSize(FULL);
  await look(page, office, "dark", "en");
  await expect(chip).toContainText("Working as: TUQ. Chủ tịch");
  await photograph(page, "vai-uy-quyen-toi-en");
  await mandates(page);
  await photograph(page, "uy-quyen-duoc-giao-toi-en");
  await closed(page);
  await look(page, office, "light", "vi");

  await page.getByTestId("document-list").focus();
  await page.keyboard.press("b");
  await page.getByTestId("people-find").fill("le van");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.getByTestId("act-text").fill("Giao đồng chí C tham mưu.");
  await page.keyboard.press("Control+Enter");
  await sent(page, office);
  await page.getByTestId("view-incoming_all").click();
  await page.getByTestId("document-row").filter({ hasText: SUBJECT }).click();
  await page.getByTestId("tab-flow").click();
  await expect(page.getByTestId("course")).toContainText(
    "Hoàng Văn E (thừa uỷ quyền của Nguyễn Văn A)",
  );
  await photograph(page, "vai-uy-quyen-dien-bien");
});

test("once revoked, the desk says that the capacity has ended, and the own post is chosen again", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await mandates(page);
  await page.getByTestId("mandate-revoke").click();
  await expect(page.getByTestId("mandates")).toContainText("Chưa giao ai.");
  await closed(page);
  await sit(page, office, HEAD);
  await holds(page, office, 0);
  await expect(page.getByTestId("capacity-chip")).toContainText("đã hết hiệu lực");
  // What lies before the leader is no work of this person any more.
  await page.getByTestId("view-incoming_say").click();
  await expect(page.getByTestId("document-row")).toHaveCount(0);
  await page.getByTestId("view-incoming_all").click();
  await expect(page.getByTestId("document-row").first()).toBeVisible();
  await photograph(page, "vai-het-hieu-luc");
  await menu(page);
  await page.getByTestId("capacity-option").filter({ hasText: "Chức vụ của tôi" }).click();
  await expect(page.getByTestId("capacity-chip")).toHaveCount(0);
});

test("a mandate names the kinds that may be signed; its holder reads them with its last day", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await mandates(page);
  const holder = page.getByTestId("mandate-holder");
  const head = holder.locator("option", { hasText: "Hoàng Văn E" });
  await holder.selectOption((await head.getAttribute("value")) ?? "");
  await page.getByTestId("mandate-reference").fill("06/GUQ-UBND");
  await page.getByTestId("mandate-until").fill("31/12/2099");
  await page.getByTestId("mandate-kinds").fill("qd, mật thư");
  await page.getByTestId("mandate-give").click();
  await expect(page.getByTestId("mandates")).toContainText("Có loại không nhận ra.");
  await page.getByTestId("mandate-kinds").fill("qd, tb");
  await page.getByTestId("mandate-give").click();
  const given = page.getByTestId("mandate");
  await expect(given).toContainText("ký văn bản đi: Quyết định, Thông báo");
  await photograph(page, "uy-quyen-theo-loai");
  await closed(page);
  await sit(page, office, HEAD);
  await holds(page, office, 1);
  await menu(page);
  const option = page.getByTestId("capacity-option").filter({ hasText: "TUQ. Chủ tịch" });
  await expect(option).toContainText("chỉ ký: Quyết định, Thông báo · đến hết ngày 31/12/2099");
  await photograph(page, "vai-theo-loai");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("logout")).toHaveCount(0);
});

test("who manages a unit gives a post until a day, is shown no document, and ends it", async ({
  page,
  office,
}) => {
  await sit(page, office, MANAGER);
  await expect(page.getByTestId("document-row")).toHaveCount(0);
  await menu(page);
  await page.getByTestId("posts-open").click();
  const posts = page.getByTestId("posts");
  await expect(posts.getByTestId("post").first()).toBeVisible();
  await page.getByTestId("post-give").click();
  await expect(posts).toContainText("Chọn người giữ chức vụ.");
  const person = page.getByTestId("post-person");
  const colleague = person.locator("option", { hasText: "Vũ Thị G" });
  await person.selectOption((await colleague.getAttribute("value")) ?? "");
  await page.getByTestId("post-give").click();
  await expect(posts).toContainText("Ghi chức danh.");
  await page.getByTestId("post-unit").selectOption({ label: "Phòng Kinh tế xã Bình Minh Đông" });
  await page.getByTestId("post-role").selectOption("unit_clerk");
  await page.getByTestId("post-title").fill("Trợ lý kiêm nhiệm");
  await page.getByTestId("post-until").fill("31/12/2099");
  await page.setViewportSize(SMALL);
  await photograph(page, "chuc-vu-giao-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("post-give").click();
  const given = page.getByTestId("post").filter({ hasText: "Trợ lý kiêm nhiệm" });
  await expect(given).toContainText("đến hết ngày 31/12/2099");
  await given.scrollIntoViewIfNeeded();
  await photograph(page, "chuc-vu-da-giao");
  await look(page, office, "dark", "en");
  await expect(given).toContainText("to the end of 31/12/2099");
  await photograph(page, "chuc-vu-da-giao-toi-en");
  await look(page, office, "light", "vi");
  await page.getByTestId("posts-close").click();
  await expect(posts).toHaveCount(0);

  await sit(page, office, COLLEAGUE);
  await expect
    .poll(
      async () => {
        await ask(page, office, "sync_now", {});
        return (await ask(page, office, "capacity_list", {})).options.length;
      },
      { timeout: 60_000 },
    )
    .toBe(2);
  await menu(page);
  const option = page.getByTestId("capacity-option").filter({ hasText: "Trợ lý kiêm nhiệm" });
  await expect(option).toContainText("đến hết ngày 31/12/2099");
  await option.click();
  const chip = page.getByTestId("capacity-chip");
  await expect(chip).toContainText("Đang làm với vai: Trợ lý kiêm nhiệm");
  await expect(chip).toContainText("đến hết ngày 31/12/2099");
  await page.getByTestId("nav-sync").click();
  await expect(page.getByRole("heading", { level: 1, name: "Đồng bộ" })).toBeVisible();
  await photograph(page, "chuc-vu-dang-giu");
  await page.setViewportSize(SMALL);
  await photograph(page, "chuc-vu-dang-giu-125");
  await page.setViewportSize(FULL);

  await sit(page, office, MANAGER);
  await menu(page);
  await page.getByTestId("posts-open").click();
  await page
    .getByRole("button", { name: "Kết thúc chức vụ Trợ lý kiêm nhiệm của Vũ Thị G" })
    .click();
  await expect(given).toHaveCount(0);
  await page.getByTestId("posts-close").click();
  await expect(posts).toHaveCount(0);
});
