import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arrive, choose, FULL, look, OFFICIAL, SMALL } from "./desks";
import { expect, test } from "./office";
import { photograph } from "./photograph";

const SUBJECT = "Kiện toàn Ban Chỉ huy phòng, chống thiên tai";
let folder = "";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "word" } });

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "congvan-word-"));
  const source = join(folder, "to-trinh.fodt");
  writeFileSync(
    source,
    `<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>${SUBJECT}</text:p></office:text></office:body></office:document>`,
  );
  for (const format of ["docx", "pdf"]) {
    execFileSync("soffice", [
      `-env:UserInstallation=file://${folder}/profile`,
      "--headless",
      "--convert-to",
      format,
      "--outdir",
      folder,
      source,
    ]);
  }
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a Word file that is chosen becomes the PDF of a draft with the network down; a broken one says what to do", async ({
  page,
  office,
}) => {
  await arrive(page, office, OFFICIAL, "outgoing");
  await office.cut();
  await page.getByTestId("draft-new").click();
  const dialog = page.getByTestId("draft-dialog");
  await expect(dialog).toBeVisible();

  const broken = join(folder, "hong.docx");
  writeFileSync(broken, "không phải tệp Word");
  await choose(page, broken);
  await expect(dialog).toContainText("OFFICE_FAILED");
  await photograph(page, "du-thao-word-hong");

  // The word processor stands still: it is given up by the button, and ends.
  await choose(page, join(folder, "to-trinh.docx"));
  await expect
    .poll(() => {
      const groups = office.groups("soffice");
      for (const group of groups) process.kill(-group, "SIGSTOP");
      return groups.length;
    })
    .toBe(1);
  await page.getByTestId("draft-choose-cancel").click();
  await expect(page.getByTestId("draft-converting")).toHaveCount(0);
  await expect(page.getByTestId("draft-file")).toHaveAttribute("data-chosen", "false");
  await expect(page.getByTestId("error-message")).toHaveCount(0);
  await expect.poll(() => office.groups("soffice")).toEqual([]);

  // Held until it was looked at: what is said meanwhile, and that it can be given up.
  let goOn = () => {};
  const held = new Promise<void>((settle) => {
    goOn = settle;
  });
  await page.route("**/draft-file?*", async (route) => {
    await held;
    await route.continue();
  });
  await choose(page, join(folder, "to-trinh.docx"));
  await expect(page.getByTestId("draft-converting")).toBeVisible();
  await expect(page.getByTestId("draft-choose-cancel")).toBeVisible();
  await photograph(page, "du-thao-word-dang-chuyen");
  goOn();
  await expect(page.getByTestId("draft-file")).toContainText("to-trinh.pdf", { timeout: 90_000 });
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");
  await expect(page.getByTestId("draft-converting")).toHaveCount(0);
  await photograph(page, "du-thao-word");

  await page.getByTestId("draft-kind").fill("qd");
  await expect(page.getByRole("option", { name: /Quyết định/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByTestId("draft-symbol").fill("QĐ-UBND");
  await page.getByTestId("draft-subject").fill(SUBJECT);
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  const row = page.getByTestId("document-row").filter({ hasText: SUBJECT });
  await expect(row).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("page-image-0")).toBeVisible();
  await look(page, office, "dark", "en");
  await page.setViewportSize(SMALL);
  await page.getByTestId("draft-new").click();
  await expect(dialog).toBeVisible();
  await photograph(page, "du-thao-word-en-toi-125");
  await page.setViewportSize(FULL);
  await look(page, office, "light", "vi");
});

test("a PDF that is chosen is copied and not converted: there is nothing to give up", async ({
  page,
  office,
}) => {
  await arrive(page, office, OFFICIAL, "outgoing");
  await page.getByTestId("draft-new").click();
  await expect(page.getByTestId("draft-dialog")).toBeVisible();
  let goOn = () => {};
  const held = new Promise<void>((settle) => {
    goOn = settle;
  });
  await page.route("**/draft-file?*", async (route) => {
    await held;
    await route.continue();
  });
  await choose(page, join(folder, "to-trinh.pdf"));
  await expect(page.getByTestId("draft-choose")).toHaveAttribute("aria-busy", "true");
  await expect(page.getByTestId("draft-choose-cancel")).toHaveCount(0);
  await expect(page.getByTestId("draft-converting")).toHaveCount(0);
  goOn();
  await expect(page.getByTestId("draft-file")).toContainText("to-trinh.pdf");
  await expect(page.getByTestId("draft-file")).toContainText("1 trang");
});
