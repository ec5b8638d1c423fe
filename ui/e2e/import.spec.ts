import { mkdirSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { arrive, everyLook, FULL } from "./desks";
import { CLERK, expect, test } from "./office";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "import" } });

const shown = (count: number) => count.toLocaleString("vi");
/** Rows of the register, of which these are wrong. */
const ROWS = 1_200;
const WRONG = new Map([
  [40, { cells: { subject: "" }, code: "MISSING" }],
  [41, { cells: { on: "31/02/2019" }, code: "BAD_DATE" }],
  [300, { cells: { secrecy: "Mật" }, code: "SECRET" }],
  [301, { cells: { kind: "Sắc lệnh" }, code: "UNKNOWN_KIND" }],
  [900, { cells: { file: "2019/khong-co.pdf" }, code: "FILE_MISSING" }],
]);
const PDF = "%PDF-1.7\nstartxref\n9\n%%EOF\n";

/** A register as another program exports it, and the folder with its files. */
function register(folder: string): { table: string; files: string } {
  const files = `${folder}/tep`;
  mkdirSync(`${files}/2019`, { recursive: true });
  const heads =
    "STT;Số đến;Ngày đến;Số/Ký hiệu;Ngày VB;Cơ quan ban hành;Loại văn bản;Trích yếu nội dung;Người ký;Độ mật;Đơn vị xử lý;Tệp đính kèm";
  const lines = [heads];
  for (let row = 1; row <= ROWS; row += 1) {
    const day = `${String(1 + (row % 27)).padStart(2, "0")}/${String(1 + Math.floor(row / 101)).padStart(2, "0")}/2019`;
    const file = row % 300 === 0 ? `2019/${row}.pdf` : "";
    if (file !== "") writeFileSync(`${files}/${file}`, `${PDF}% ${row}\n${PDF}`);
    const cells = {
      on: day,
      kind: "Quyết định",
      subject: `Về việc giao đất đợt ${row} cho hộ dân`,
      secrecy: "Thường",
      file,
      ...WRONG.get(row)?.cells,
    };
    lines.push(
      [
        row,
        row,
        cells.on,
        `${row}/QĐ-UBND`,
        day,
        "UBND huyện Châu Thành cũ",
        cells.kind,
        cells.subject,
        "Trần Văn An",
        cells.secrecy,
        "Phòng Kinh tế",
        cells.file,
      ].join(";"),
    );
  }
  const table = `${folder}/so-van-ban-den-2019.csv`;
  writeFileSync(table, `\uFEFF${lines.join("\r\n")}\r\n`);
  return { table, files };
}

async function chosen(page: Page, button: string, path: string): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByTestId(button).click();
  await (await chooser).setFiles(path);
}

test("a clerk brings the register and the files of the previous program in", async ({
  page,
  office,
}, info) => {
  await page.setViewportSize(FULL);
  await arrive(page, office, CLERK, "incoming");
  const { table, files } = register(info.outputDir);

  // By the palette, and by the place beside the courier bundles.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nhập dữ liệu cũ");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("import")).toBeVisible();
  await page.getByTestId("import-back").click();
  await page.getByTestId("import-open").click();
  await everyLook(page, office, "nhap-du-lieu-cu-trong");
  const sample = page.waitForEvent("download");
  await page.getByTestId("import-sample-incoming").click();
  expect((await sample).suggestedFilename()).toBe("mau-so-van-ban-den.xlsx");

  await chosen(page, "import-choose-table", table);
  await expect(page.getByTestId("import-table")).toContainText(shown(ROWS));
  await chosen(page, "import-choose-folder", files);
  await expect(page.getByTestId("import-folder")).toContainText("4");
  const notation = page.locator('[data-testid="import-column"][data-heading="Số/Ký hiệu"]');
  await expect(notation).toHaveValue("notation");
  await expect(page.getByTestId("import-preview")).toContainText("UBND huyện Châu Thành cũ");
  // What a register is never without is asked for, and comes back as it is chosen.
  await notation.locator("xpath=../..").scrollIntoViewIfNeeded();
  const subject = page.locator('[data-testid="import-column"][data-heading="Trích yếu nội dung"]');
  await subject.selectOption("");
  await expect(page.getByTestId("import-missing")).toContainText("Trích yếu");
  await expect(page.getByTestId("import-check")).toBeDisabled();
  await subject.selectOption("subject");
  await expect(page.getByTestId("import-missing")).toHaveCount(0);
  await everyLook(page, office, "nhap-du-lieu-cu-ghep-cot");

  await page.getByTestId("import-check").click();
  await expect(page.getByTestId("import-good")).toHaveText(shown(ROWS - WRONG.size));
  await expect(page.getByTestId("import-refused")).toHaveText(String(WRONG.size));
  const faults = page.getByTestId("import-fault");
  await expect(faults).toHaveCount(WRONG.size);
  const told = await faults.evaluateAll((rows) =>
    rows.map((row) => [
      Number(row.querySelector("td")?.textContent),
      row.getAttribute("data-code"),
    ]),
  );
  expect(told).toEqual([...WRONG].map(([row, { code }]) => [row + 1, code]));
  await page.getByTestId("import-filter").selectOption("SECRET");
  await expect(faults).toHaveCount(1);
  await page.getByTestId("import-filter").selectOption("");
  await page.getByTestId("import-counts").scrollIntoViewIfNeeded();
  await everyLook(page, office, "nhap-du-lieu-cu-kiem-tra");
  expect(await outOfReach(page)).toEqual([]);

  const before = Number((await office.stats()).documents);
  await page.getByTestId("import-start").click();
  await expect(page.getByTestId("import-result")).toContainText(shown(ROWS - WRONG.size), {
    timeout: 120_000,
  });
  await expect(page.getByTestId("import-waiting")).toHaveText("Máy chủ đã nhận tất cả.", {
    timeout: 120_000,
  });
  expect(Number((await office.stats()).documents)).toBe(before + ROWS - WRONG.size);
  await page.getByTestId("import-result").scrollIntoViewIfNeeded();
  await everyLook(page, office, "nhap-du-lieu-cu-xong");
  const report = page.waitForEvent("download");
  await page.getByTestId("import-report").click();
  expect((await report).suggestedFilename()).toBe("dong-khong-nhap.xlsx");

  // Once more: nothing new.
  await page.getByTestId("import-check").click();
  await expect(page.getByTestId("import-already")).toHaveText(shown(ROWS - WRONG.size));
  await expect(page.getByTestId("import-start")).toHaveCount(0);

  // Found at once by symbol and by the agency's old name.
  await page.getByTestId("nav-search").click();
  await page.getByTestId("search").fill("777 qd ubnd chau thanh cu");
  await expect(page.getByText("777/QĐ-UBND").first()).toBeVisible();
});
