import { ask, openInbox } from "./inbox";
import { expect, type Office, settled, test } from "./office";
import { photograph } from "./photograph";

/** 1366×768 at 125 %. */
const SMALL = { width: 1093, height: 614 };
const PDF = Buffer.from("%PDF-1.7\n% qua truc\n%%EOF\n").toString("base64");

test.describe.configure({ mode: "serial" });
// The clerk's desk: in the office of another file the leader may be logged in.
test.use({ setup: { own: "axis" } });

async function deliver(office: Office, number: number): Promise<void> {
  const answer = await fetch(`${office.admin}/admin/axis`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      axis_id: `H99.05,2026/11/22,${number}/STC-TRUC`,
      sender: "H99.05",
      sender_name: "Sở Tài chính",
      notation: `${number}/STC-TRUC`,
      subject: `V/v thẩm định quyết toán ngân sách đợt ${number}`,
      pdf: PDF,
    }),
  });
  expect(answer.status).toBe(200);
}

/** How often a sender was told that a document is registered. */
async function registeredTold(office: Office): Promise<number> {
  const answer = await fetch(`${office.admin}/admin/axis`);
  const told = (await answer.json()) as Array<{ code: string }>;
  return told.filter((one) => one.code === "03").length;
}

test("a document that came over the axis is registered by keyboard and its sender is told once", async ({
  page,
  office,
}) => {
  await page.setViewportSize({ width: 1366, height: 768 });
  await openInbox(page, office);
  await settled(page, office);
  // The office has others that wait already; ours are the newest, at the end.
  const { total } = await ask(page, office, "received_list", {});
  const place = page.getByTestId("axis-open-list");
  for (const number of [71, 72, 73]) await deliver(office, number);
  await ask(page, office, "sync_now", {});
  await expect(place).toHaveAttribute("data-count", `${total + 3}`);
  await place.focus();
  await page.keyboard.press("Enter");
  const list = page.getByTestId("axis-list");
  await expect(list).toBeFocused();
  await expect(page.getByTestId("axis-card")).toHaveCount(total + 3);
  await page.keyboard.press("End");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect(page.getByTestId("axis-marked")).toHaveAttribute("data-count", "2");
  await photograph(page, "qua-truc-chon");
  await page.setViewportSize(SMALL);
  await photograph(page, "qua-truc-chon-125");
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.keyboard.press("Control+Shift+Enter");
  await expect(page.getByTestId("register-dialog")).toBeVisible();
  await expect(page.getByTestId("register-start")).toBeEnabled();
  // Nothing is stamped: there is no scan.
  await expect(page.getByTestId("register-stamp")).toHaveCount(0);
  await photograph(page, "qua-truc-vao-so");
  await page.keyboard.press("Control+Enter");
  const report = page.getByTestId("register-report");
  await expect(report).toHaveAttribute("data-failed", "0");
  await expect(report).toHaveAttribute("data-numbered", "2");
  await expect(page.getByTestId("register-line").first()).toContainText("72/STC-TRUC");
  await photograph(page, "qua-truc-ket-qua");
  await page.keyboard.press("Escape");
  await expect(place).toHaveAttribute("data-count", `${total + 1}`);
  await expect.poll(() => registeredTold(office)).toBe(2);

  // What was registered stays in sight with its number, and stands in the book.
  await expect(list).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByTestId("axis-number")).toContainText("Số đến");
  await page.keyboard.press("Control+5");
  await expect(page.getByTestId("book-table")).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("STC-TRUC");
  await expect(page.getByTestId("book-line")).toHaveCount(2);
});

test("without the network it waits for its number in words, and is taken back", async ({
  page,
  office,
}) => {
  await openInbox(page, office);
  await office.cut();
  await page.getByTestId("axis-open-list").click();
  const card = page.getByTestId("axis-card").filter({ hasText: "71/STC-TRUC" });
  await card.click();
  await expect(page.getByTestId("axis-pane")).toContainText("71/STC-TRUC");
  await page.keyboard.press("Control+Shift+Enter");
  await expect(page.getByTestId("register-start")).toBeEnabled();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByTestId("register-report")).toHaveAttribute("data-provisional", "1");
  await page.keyboard.press("Escape");
  await card.click();
  await expect(page.getByTestId("axis-pane")).toContainText("Số tạm");
  await photograph(page, "qua-truc-cho-so");
  await page.getByTestId("axis-undo").click();
  await page.getByTestId("void-yes").click();
  await expect(card).toHaveAttribute("data-registered", "false");
  await office.connect();
});
