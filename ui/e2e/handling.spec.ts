import type { Page } from "@playwright/test";
import { arrive, FULL, look, OFFICIAL, SMALL, sent, sit } from "./desks";
import { ask } from "./inbox";
import { expect, LEADER, test } from "./office";
import { hasNoAccessibilityFaults, photograph } from "./photograph";

const OFFICIAL_NAME = "Lê Văn C";
const SUBJECT = "Gửi báo cáo tự đánh giá";
const CONTESTED = "Cải cách hành chính nhà nước tỉnh H99 năm 2027";

// Long stories; on a machine that does other things as well they take their time.
test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "handling" } });

/** Opens a document in a list of what there is to do, waiting until it is there. */
async function open(page: Page, view: string, subject: string): Promise<void> {
  await page.getByTestId(`view-${view}`).click();
  const row = page.getByTestId("document-row").filter({ hasText: subject });
  await row.click();
  await expect(row).toHaveAttribute("aria-selected", "true");
  await page.getByTestId("document-list").focus();
}

async function course(page: Page) {
  await page.getByTestId("tab-flow").click();
  return page.getByTestId("course");
}

test("a leader directs by keyboard with the network down: what is missing is said at its field, the act counts at once and is taken back", async ({
  page,
  office,
}) => {
  await arrive(page, office, LEADER, "incoming");
  await open(page, "incoming_say", SUBJECT);
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await photograph(page, "xu-ly-cho-y-kien");
  const waiting = Number(await page.getByTestId("document-list").getAttribute("data-total"));
  await office.cut();

  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("people-find")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  const problem = page.getByTestId("people-note");
  await expect(problem).toContainText("Chọn đúng một người chủ trì");
  await expect(problem).toContainText("ACT_FIELD");
  await expect(page.getByTestId("people-list")).toBeFocused();
  await photograph(page, "xu-ly-thieu-chu-tri");

  await page.getByTestId("people-find").fill("le van");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.getByTestId("people-find").fill("");
  await page.getByTestId("people-find").press("ArrowDown");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown"]) {
    await page.keyboard.press(key);
  }
  await page.keyboard.press("2");
  await expect(problem).toContainText(`Chủ trì: ${OFFICIAL_NAME} · Phối hợp:`);
  await page.getByTestId("act-due").fill("+3");
  await expect(page.getByTestId("due-note")).toContainText("3 ngày làm việc");
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+j");
  await expect(page.getByTestId("phrases")).toBeFocused();
  await photograph(page, "xu-ly-mau-cau");
  await page.keyboard.press("2");
  await expect(page.getByTestId("act-text")).toHaveValue(/^Giao Lê Văn C chủ trì, phối hợp với/);
  await photograph(page, "xu-ly-chi-dao");

  // The window is closed in the middle of it.
  await expect(page.getByTestId("act-form-direct")).toContainText("Bản nháp được giữ");
  await page.reload();
  await open(page, "incoming_say", SUBJECT);
  await expect(page.getByTestId("act-direct")).toBeVisible();
  await page.keyboard.press("b");
  await expect(page.getByTestId("act-text")).toHaveValue(/^Giao Lê Văn C chủ trì, phối hợp với/);
  await expect(problem).toContainText(`Chủ trì: ${OFFICIAL_NAME}`);
  await page.setViewportSize(SMALL);
  await photograph(page, "xu-ly-chi-dao-125");
  await expect(page.getByTestId("page-image-0")).toBeInViewport();
  await page.setViewportSize(FULL);

  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Chỉ đạo, giao việc: đã lưu trên máy")).toBeVisible();
  const list = page.getByTestId("document-list");
  await expect(list).toHaveAttribute("data-total", String(waiting - 1));
  await open(page, "incoming_all", SUBJECT);
  const panel = await course(page);
  await expect(panel.getByTestId("own-act")).toHaveAttribute("data-state", "waiting");
  await expect(panel.getByTestId("course-standing")).toContainText(
    `${OFFICIAL_NAME} chủ trì, chưa nhận xử lý`,
  );
  await photograph(page, "xu-ly-cho-gui");
  await page.setViewportSize(SMALL);
  await photograph(page, "xu-ly-cho-gui-125");
  await page.setViewportSize(FULL);

  // Taken back, and done again: the second time it is sent.
  await page.keyboard.press("Control+z");
  await expect(panel.getByTestId("course-standing")).toContainText("Chờ Nguyễn Văn A cho ý kiến");
  await expect(panel.getByTestId("own-act")).toHaveCount(0);
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("b");
  await page.getByTestId("people-find").fill("le van");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await page.getByTestId("act-text").fill("Giao đồng chí C tham mưu.");
  await page.keyboard.press("Control+Enter");
  await expect(panel.getByTestId("own-act")).toHaveAttribute("data-state", "waiting");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
  await expect(panel.getByTestId("own-act")).toHaveCount(0);
  await expect(panel).toContainText(`Chuyển xử lý: ${OFFICIAL_NAME}`);
  await expect(panel.getByTestId("act-undo")).toHaveCount(0);
});

test("the official takes it up and asks for more time offline; a deadline that is no later is refused at its field", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  await open(page, "incoming_hold", SUBJECT);
  await office.cut();
  await expect(page.getByTestId("act-take_up")).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByTestId("act-resolve")).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.getByTestId("act-due")).toBeFocused();
  // Working days are counted from the present deadline: only a day that is typed can be no later.
  const today = new Date().toLocaleDateString("en-GB", { timeZone: "Asia/Ho_Chi_Minh" });
  await page.getByTestId("act-due").fill(today);
  await page.getByTestId("act-text").fill("Chờ số liệu của các phòng");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await expect(page.getByTestId("act-due")).toBeFocused();
  await photograph(page, "xu-ly-xin-gia-han");
  await page.getByTestId("act-due").fill("+15");
  await page.keyboard.press("Control+Enter");
  const panel = await course(page);
  await expect(panel.getByTestId("course-extension")).toContainText("Chờ số liệu của các phòng");
  await expect(panel.getByTestId("own-act")).toHaveCount(2);
  await photograph(page, "xu-ly-da-xin-gia-han");
  await office.connect();
  await ask(page, office, "sync_now", {});
  await sent(page, office);
});

test("the leader is asked among what waits for a word, and grants it", async ({ page, office }) => {
  await sit(page, office, LEADER);
  await open(page, "incoming_say", SUBJECT);
  await expect(page.getByTestId("act-answer_extension")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("act-form-answer_extension")).toBeVisible();
  await page.getByRole("radio", { name: "Không đồng ý" }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await photograph(page, "xu-ly-tra-loi-gia-han");
  await page.getByRole("radio", { name: "Đồng ý", exact: true }).click();
  await page.getByTestId("act-text").focus();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Trả lời xin gia hạn: đã lưu trên máy")).toBeVisible();
  await sent(page, office);
});

test("several are directed alike with one confirmation, each with its outcome", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await page.getByTestId("view-incoming_say").click();
  const list = page.getByTestId("document-list");
  await expect(page.getByTestId("document-row").filter({ hasText: CONTESTED })).toBeVisible();
  await list.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(page.getByTestId("many-count")).toHaveAttribute("data-count", "2");
  await photograph(page, "xu-ly-chon-nhieu");
  await page.setViewportSize(SMALL);
  await photograph(page, "xu-ly-chon-nhieu-125");
  await page.setViewportSize(FULL);
  await page.getByTestId("many-direct").click();
  await expect(page.getByTestId("people-find")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("people-note")).toContainText("ACT_FIELD");
  await page.getByTestId("people-find").fill("le van");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("1");
  await photograph(page, "xu-ly-giao-nhieu");
  await page.keyboard.press("Control+Enter");
  const outcomes = page.getByTestId("many-outcomes");
  await expect(outcomes).toHaveAttribute("data-failed", "0");
  await expect(outcomes.getByRole("listitem")).toHaveCount(2);
  await photograph(page, "xu-ly-giao-nhieu-ket-qua");
  await page.getByTestId("many-close").click();
  await expect(page.getByTestId("many-bar")).toHaveCount(0);
  await sent(page, office);
});

test("who was overtaken reads at the document that the server refused, and who did what before", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  await page.getByTestId("view-incoming_hold").click();
  // One of the two that were directed a moment ago.
  const row = page.getByTestId("document-row").filter({ hasNotText: SUBJECT }).first();
  await expect(row).toHaveAttribute("data-id", /.+/);
  const id = (await row.getAttribute("data-id")) ?? "";
  await row.click();
  await expect(page.getByTestId("act-take_up")).toBeVisible();
  await ask(page, office, "sync_pause", { until: null });
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("n");
  await expect(page.getByTestId("act-resolve")).toBeVisible();

  // Meanwhile the leader gives it to somebody else.
  await sit(page, office, LEADER);
  const people = await ask(page, office, "office_people", {});
  const lead = people.find((person) => person.name === "Đặng Thị H")?.account ?? "";
  await ask(page, office, "document_act", {
    document: id,
    act: {
      act: "direct",
      lead,
      supports: [],
      informed: [],
      due: "",
      deadlines: [],
      text: "Chuyển phòng khác",
    },
  });
  await sent(page, office);

  await sit(page, office, OFFICIAL);
  await ask(page, office, "sync_resume", {});
  await ask(page, office, "sync_now", {});
  await sent(page, office);
  await page.getByTestId("view-incoming_all").click();
  await page.locator(`[data-testid="document-row"][data-id="${id}"]`).click();
  const panel = await course(page);
  const refused = panel.getByTestId("own-act");
  await expect(refused).toHaveAttribute("data-state", "conflict");
  await expect(refused).toContainText("WRONG_STATE");
  await expect(refused).toContainText("Nguyễn Văn A: Chuyển xử lý: Đặng Thị H");
  await photograph(page, "xu-ly-bi-tu-choi");
  await page.getByTestId("own-act-seen").click();
  await expect(panel.getByTestId("own-act")).toHaveCount(0);
});

test("it is resolved with its words and filed, and the whole course is told", async ({
  page,
  office,
}) => {
  await sit(page, office, OFFICIAL);
  await open(page, "incoming_hold", SUBJECT);
  await expect(page.getByTestId("act-resolve")).toBeVisible();
  await page.keyboard.press("h");
  await expect(page.getByTestId("act-text")).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("field-problem")).toContainText("ACT_FIELD");
  await photograph(page, "xu-ly-hoan-thanh-thieu");
  await page.getByTestId("act-text").fill("Đã gửi báo cáo trên hệ thống.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Hoàn thành: đã lưu trên máy")).toBeVisible();
  await open(page, "incoming_done", SUBJECT);
  await expect(page.getByTestId("act-file")).toBeVisible();
  await page.keyboard.press("l");
  await expect(page.getByTestId("act-form-file")).toBeVisible();
  await page.getByTestId("act-text").fill("Cải cách hành chính năm 2026");
  await page.keyboard.press("Control+Enter");
  const panel = await course(page);
  await expect(panel.getByTestId("course-standing")).toContainText(
    "Đã lưu hồ sơ “Cải cách hành chính năm 2026”",
  );
  await sent(page, office);
  await expect(panel.getByTestId("own-act")).toHaveCount(0);
  for (const step of ["Nhận xử lý", "Xin gia hạn", "Đồng ý gia hạn", "Hoàn thành", "Lưu hồ sơ"]) {
    await expect(panel).toContainText(step);
  }
  await photograph(page, "xu-ly-dien-bien");
});

test("the forms, the course and their menu are whole in the dark, in English and in little room", async ({
  page,
  office,
}) => {
  await sit(page, office, LEADER);
  await open(page, "incoming_say", "Chủ động ứng phó mưa lớn");
  await course(page);
  await page.getByTestId("act-menu").click();
  await expect(page.getByRole("menu")).toBeVisible();
  await photograph(page, "xu-ly-viec-khac");
  await page.keyboard.press("Escape");
  await page.getByTestId("zoom-menu").click();
  await expect(page.getByRole("menu")).toBeVisible();
  await hasNoAccessibilityFaults(page);
  await page.keyboard.press("Escape");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("v");
  await photograph(page, "xu-ly-chuyen-tra");
  await page.keyboard.press("Escape");
  await look(page, office, "dark", "vi");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("b");
  await photograph(page, "xu-ly-chi-dao-toi");
  await page.keyboard.press("Escape");
  await look(page, office, "light", "en");
  await page.getByTestId("document-list").focus();
  await page.keyboard.press("b");
  await photograph(page, "xu-ly-chi-dao-en");
  await page.setViewportSize(SMALL);
  await photograph(page, "xu-ly-chi-dao-en-125");
  await page.keyboard.press("Escape");
  await page.getByTestId("tab-flow").click();
  await photograph(page, "xu-ly-en-125");
  await page.keyboard.press("?");
  await expect(page.getByTestId("help-sheet")).toBeVisible();
  await photograph(page, "xu-ly-phim-tat-en-125");
  await page.keyboard.press("Escape");
  await look(page, office, "light", "vi");
});
