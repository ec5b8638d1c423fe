import type { Page } from "@playwright/test";
import { arrive, everyLook, FULL, HEAD, OFFICIAL, sent, sit, type Who } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, type Office, test } from "./office";
import { photograph } from "./photograph";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "tasks", roles: true, holidays: true } });

const ADMIN: Who = { username: "quantri", password: "QuanTri@2026" };
const TITLE = "Rà soát hộ nghèo, hộ cận nghèo trên địa bàn xã năm 2026";
const MEETING = "Tổng hợp số liệu các chợ theo kết luận giao ban";

async function tasks(page: Page): Promise<void> {
  await page.keyboard.press("Control+0");
  await expect(page.getByTestId("tasks")).toBeVisible();
}

const row = (page: Page, title: string) => page.getByTestId("task-row").filter({ hasText: title });

/** Waits until the row is in that state by the server's word. */
async function stands(page: Page, office: Office, title: string, state: string): Promise<void> {
  await expect(async () => {
    await ask(page, office, "sync_now", {});
    await expect(row(page, title)).toHaveAttribute("data-state", state, { timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
}

async function choosePart(page: Page, name: string, part: "lead" | "support"): Promise<void> {
  const person = page.getByTestId("person").filter({ hasText: name });
  await person.getByTestId(`part-${part}`).click();
  await expect(person).toHaveAttribute("data-part", part);
}

test("the calendar is kept by who manages the agency, and everyone reads it", async ({
  page,
  office,
}) => {
  await page.setViewportSize(FULL);
  await arrive(page, office, ADMIN, "incoming");
  await page.keyboard.press("Control+7");
  await page.getByTestId("settings-calendar").click();
  const days = page.getByTestId("calendar-day");
  await expect(days.filter({ hasText: "Quốc khánh" }).first()).toBeVisible();
  await page.getByTestId("calendar-set").click();
  await expect(page.getByText("Đề nghị ghi một ngày.")).toBeVisible();
  await page.getByTestId("calendar-day-field").fill("24/12/2030");
  await page.getByTestId("calendar-name").fill("Ngày hội xã");
  await page.getByRole("radio", { name: "Làm bù" }).click();
  await page.getByTestId("calendar-name").press("Enter");
  await expect(page.getByText("Ngày làm bù là thứ Bảy hoặc Chủ nhật.")).toBeVisible();
  await page.getByRole("radio", { name: "Nghỉ" }).click();
  await page.getByTestId("calendar-name").press("Enter");
  await expect(days).toHaveCount(1);
  await expect(days).toHaveAttribute("data-day", "2030-12-24");
  await sent(page, office);
  expect(await outOfReach(page)).toEqual([]);
  await page.getByRole("radio", { name: "2026" }).click();
  await expect(days.filter({ hasText: "Làm bù ngày 31/8" })).toHaveAttribute(
    "data-kind",
    "make_up",
  );
  await everyLook(page, office, "lich-lam-viec");
});

test("a leader gives a task from a document, and its deadline is counted without holidays", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await tasks(page);
  await expect(page.getByText("Không có nhiệm vụ phải làm")).toBeVisible();
  await everyLook(page, office, "nhiem-vu-trong");
  await page.getByTestId("nav-incoming").click();
  await page.getByTestId("view-incoming_all").click();
  const documents = page.getByTestId("document-row");
  await documents.first().click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await page.getByTestId("act-menu").click();
  await page.getByTestId("menu-task-give").click();
  await expect(page.getByTestId("task-title")).toBeFocused();
  await page.getByTestId("task-send").click();
  await expect(page.getByTestId("task-form")).toContainText("Đề nghị ghi việc phải làm");
  await page.getByTestId("task-title").fill(TITLE);
  await choosePart(page, "Lê Văn C", "lead");
  await choosePart(page, "Vũ Thị G", "support");
  await page.getByTestId("act-due").fill("24/12/2030");
  await expect(page.getByTestId("due-note")).toContainText("là ngày nghỉ");
  await page.getByTestId("act-due").fill("+3");
  await page.getByTestId("task-title").focus();
  await expect(page.getByTestId("due-note")).toContainText("3 ngày làm việc");
  await everyLook(page, office, "nhiem-vu-giao");
  await page.getByTestId("task-title").press("Control+Enter");
  await expect(page.getByTestId("task-form")).toHaveCount(0);
  await sent(page, office);
  await tasks(page);
  await page.getByTestId("tasks-given").click();
  await expect(row(page, TITLE)).toContainText("còn 3 ngày làm việc");
  await page.getByTestId("task-give").click();
  await page.getByTestId("task-title").fill(MEETING);
  await page.getByRole("radio", { name: "Kết luận cuộc họp" }).click();
  await page.getByTestId("task-meeting").fill("Thông báo kết luận 20/TB-UBND");
  await choosePart(page, "Hoàng Văn E", "lead");
  await page.getByTestId("due-plus-10").click();
  await photograph(page, "nhiem-vu-giao-tu-cuoc-hop");
  await page.getByTestId("task-send").click();
  await expect(row(page, MEETING)).toHaveAttribute("aria-selected", "true");
  await sent(page, office);
});

test("the lead takes it up, reports with a document, asks for more time and says that it is done", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  await tasks(page);
  await stands(page, office, TITLE, "given");
  await expect(page.getByTestId("nav-tasks")).toHaveAttribute("aria-label", /1 việc đang chờ/);
  await page.getByTestId("task-act-take_up").click();
  await expect(row(page, TITLE)).toHaveAttribute("data-state", "in_progress");
  await page.getByTestId("task-act-report").click();
  await expect(page.getByTestId("task-words")).toBeFocused();
  await page.getByTestId("task-act-send").click();
  await expect(page.getByTestId("task-act-dialog")).toContainText("Đề nghị ghi nội dung");
  await page.getByTestId("task-words").fill("Đã rà soát xong hai thôn, còn thôn 3.");
  await page.getByTestId("task-percent").fill("60");
  await page.getByTestId("task-evidence").pressSequentially("ubnd");
  await page.getByRole("option").first().click();
  await expect(page.getByTestId("task-picked")).toHaveCount(1);
  await expect(page.getByTestId("task-evidence")).toHaveValue("");
  await everyLook(page, office, "nhiem-vu-bao-cao");
  await page.getByTestId("task-words").press("Control+Enter");
  await expect(page.getByTestId("task-act-dialog")).toHaveCount(0);
  await expect(page.getByTestId("task-report")).toContainText("hai thôn");
  await page.getByTestId("task-act-ask_extension").click();
  await page.getByTestId("act-due").fill("+2");
  await page.getByTestId("task-words").fill("Chờ số liệu của thôn 3");
  await page.getByTestId("task-act-send").click();
  await expect(page.getByTestId("task-extension")).toContainText("thôn 3");
  await sent(page, office);
  await everyLook(page, office, "nhiem-vu-dang-lam");
  expect(await outOfReach(page)).toEqual([]);
});

test("the giver grants more time, does not accept at first, and then does", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await tasks(page);
  await page.getByTestId("tasks-to_answer").click();
  await stands(page, office, TITLE, "in_progress");
  await page.getByTestId("task-act-answer_extension").click();
  await everyLook(page, office, "nhiem-vu-tra-loi-gia-han");
  await page.getByTestId("task-act-send").click();
  await expect(page.getByTestId("task-act-dialog")).toHaveCount(0);
  await sent(page, office);
  for (const [who, act, words] of [
    [OFFICIAL, "finish", "Đã rà soát xong, có danh sách kèm theo."],
    [LEADER, "send_back", "Thiếu chữ ký của trưởng thôn 3"],
    [OFFICIAL, "finish", "Đã bổ sung chữ ký."],
    [LEADER, "accept", ""],
  ] as const) {
    await sit(page, office, who);
    await tasks(page);
    const isLead = who === OFFICIAL;
    await page.getByTestId(isLead ? "tasks-to_do" : "tasks-to_answer").click();
    await stands(page, office, TITLE, isLead ? "in_progress" : "reported");
    await row(page, TITLE).click();
    await page.getByTestId(`task-act-${act}`).click();
    await page.getByTestId("task-words").fill(words);
    await page.getByTestId("task-act-send").click();
    await expect(page.getByTestId("task-act-dialog")).toHaveCount(0);
    await sent(page, office);
  }
  await page.getByTestId("tasks-ended").click();
  await stands(page, office, TITLE, "accepted");
  await row(page, TITLE).click();
  await everyLook(page, office, "nhiem-vu-hoan-thanh");
});

test("the board shows units and states, and leads to a task", async ({ page, office }) => {
  await sit(page, office, LEADER);
  await tasks(page);
  await page.getByRole("radio", { name: "Bảng theo dõi" }).click();
  const group = page.getByTestId("task-group");
  await expect(group).toHaveCount(1);
  await expect(group).toContainText("Phòng Kinh tế");
  await expect(page.getByTestId("task-tally")).toContainText("1 đúng hạn, 0 quá hạn");
  await everyLook(page, office, "nhiem-vu-bang");
  await page.getByRole("radio", { name: "Theo trạng thái" }).click();
  await expect(group).toHaveAttribute("data-key", "given");
  await photograph(page, "nhiem-vu-bang-trang-thai");
  await page.getByTestId("task-card").click();
  await expect(row(page, MEETING)).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("task-pane")).toContainText("20/TB-UBND");
  // Who is of the unit has the same board of what concerns them.
  await sit(page, office, HEAD);
  await tasks(page);
  await stands(page, office, MEETING, "given");
  expect(await outOfReach(page)).toEqual([]);
});
