import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, drop, openInbox, readyToConfirm } from "./inbox";
import { letters, writeLetters } from "./letters";
import { expect, settled, test } from "./office";
import { photograph } from "./photograph";

test.describe.configure({ mode: "serial", timeout: 300_000 });
// A province with a directory of agencies.
test.use({ setup: { own: "agencies", seed: "full" } });

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "congvan-co-quan-"));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an agency is completed from the directory, one that was merged says into what, and the field of activity is chosen by its words", async ({
  page,
  office,
  browser,
}) => {
  const paths = await writeLetters(browser, folder, letters(1));
  await openInbox(page, office);
  await settled(page, office);
  // The directory comes after the letters, in pages.
  for (const name of ["Sở Kế hoạch và Đầu tư", "Sở Nội vụ"]) {
    const found = () => ask(page, office, "agencies_find", { text: name, on: null, limit: 8 });
    await expect
      .poll(async () => (await found()).map((agency) => agency.name), { timeout: 120_000 })
      .toContain(name);
  }
  await drop(page, paths);
  await readyToConfirm(page, office, 1);
  await page.getByTestId("inbox-list").focus();
  await page.keyboard.press("Enter");
  const pane = page.getByTestId("letter-pane");
  await expect(pane).toBeVisible();
  const letter = (await pane.getAttribute("data-letter")) ?? "";

  const offered = (field: string) => page.getByRole("listbox", { name: field }).getByRole("option");
  const agencies = offered("Cơ quan ban hành");
  const issuer = page.getByTestId("field-issuer");
  await issuer.fill("so ke hoach va dau tu");
  const merged = agencies.filter({ hasText: "Sở Kế hoạch và Đầu tư" }).first();
  await expect(merged).toContainText("đã sáp nhập vào Sở Tài chính từ 01/03/2025");
  await photograph(page, "quet-co-quan-da-sap-nhap");
  await issuer.fill("so noi vu");
  const living = agencies.filter({ hasText: "Sở Nội vụ" }).first();
  await expect(living).toContainText("H99.11");
  await photograph(page, "quet-co-quan");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(issuer).toHaveValue(/Sở Nội vụ/);

  const activity = page.getByTestId("field-activity");
  await activity.fill("bien che");
  await expect(offered("Lĩnh vực")).toHaveText(["Tổ chức bộ máy, biên chế"]);
  await photograph(page, "quet-linh-vuc");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(activity).toHaveValue("Tổ chức bộ máy, biên chế");
  await page.keyboard.press("Control+Enter");
  await expect
    .poll(async () => {
      const { fields } = await ask(page, office, "intake_letter", { letter });
      return [fields.issuer_code, fields.activity];
    })
    .toEqual(["H99.11", "to-chuc"]);
  const { counts } = await ask(page, office, "intake_list", { states: [], offset: 0, limit: 1 });
  expect(counts.confirmed).toBe(1);
});
