import type { Page } from "@playwright/test";
import { FULL, look, SMALL } from "./desks";
import { CLERK, expect, LEADER, type Office, openFrame, settled, test } from "./office";
import { accessibilityFaults, take } from "./photograph";
import { outOfReach } from "./reach";

test.describe.configure({ mode: "serial", timeout: 300_000 });
test.use({ setup: { own: "accessibility", issues: true, drafts: 4 } });

/** 1366×768 at 200 %. */
const DOUBLE = { width: 683, height: 384 };

/** How the desk looks: how much room there is, its theme and its language. */
interface Look {
  size: typeof FULL;
  theme: "light" | "dark";
  language: "vi" | "en";
}
const LOOKS = {
  "100": { size: FULL, theme: "light", language: "vi" },
  "toi-125": { size: SMALL, theme: "dark", language: "vi" },
  en: { size: FULL, theme: "light", language: "en" },
  "200": { size: DOUBLE, theme: "light", language: "vi" },
} as const satisfies Record<string, Look>;

type Place = readonly [name: string, open: (page: Page) => Promise<void>];

const nav = (section: string) => async (page: Page) => {
  await page.getByTestId(`nav-${section}`).click();
  await expect(page.getByTestId(`nav-${section}`)).toHaveAttribute("aria-current", "page");
};
const view = (section: string, name: string) => async (page: Page) => {
  await nav(section)(page);
  await page.getByTestId(`view-${name}`).click();
  await expect(page.getByTestId("document-list")).toHaveAttribute("aria-busy", "false");
};
const document = async (page: Page) => {
  await view("incoming", "incoming_all")(page);
  await page.getByTestId("document-row").first().click();
  await expect(page.getByTestId("page-image-0")).toBeVisible();
};
const tab = (name: string) => async (page: Page) => {
  await document(page);
  // Where the panel is a drawer, a sign on the rail opens it, and its tabs come after.
  await page.getByTestId(`tab-${name}`).last().click();
};
const settings = (name: string) => async (page: Page) => {
  await nav("settings")(page);
  await page.getByTestId(`settings-${name}`).click();
  await expect(page.getByTestId(`settings-${name}`)).toHaveAttribute("aria-selected", "true");
};
const pressed = (keys: string, testId: string) => async (page: Page) => {
  await document(page);
  await page.getByTestId("document-list").focus();
  await page.keyboard.press(keys);
  await expect(page.getByTestId(testId)).toBeVisible();
};
const clicked = (button: string) => async (page: Page) => {
  await document(page);
  await page.getByTestId(button).click();
  await expect(page.getByRole("menu").or(page.getByRole("dialog"))).toBeVisible();
};

/** The form of the first act, and what signs one document alone. */
const act = (keys: string, form: string) => async (page: Page) => {
  await document(page);
  await page.getByTestId("document-list").focus();
  await page.keyboard.press(keys);
  await expect(page.getByTestId(form)).toBeVisible();
};
const signing = async (page: Page) => {
  await nav("to_sign")(page);
  await page.getByTestId("document-row").first().click();
  await page.getByTestId("sign-open").click();
  await expect(page.getByTestId("sign-submit")).toBeVisible();
};
const mandates = async (page: Page) => {
  await clicked("account-menu")(page);
  await page.getByTestId("mandates-open").click();
  await expect(page.getByTestId("mandates")).toBeVisible();
};

const statistics = async (page: Page) => {
  await nav("statistics")(page);
  await expect(page.getByTestId("statistics-groups")).toBeVisible();
};

/** What the leader sees. */
const LEADERS: readonly Place[] = [
  ["den", document],
  ["den-trong", view("incoming", "incoming_support")],
  ["tab-thong-tin", tab("info")],
  ["tab-luong", tab("flow")],
  ["tab-chu-ky", tab("signatures")],
  ["tab-y-kien", tab("opinions")],
  ["di", nav("outgoing")],
  ["di-trong", view("outgoing", "drafts")],
  ["trinh-ky", nav("to_sign")],
  ["thong-ke", statistics],
  ["dong-bo", nav("sync")],
  ["cai-dat-chung", settings("general")],
  ["cai-dat-token", settings("token")],
  ["cai-dat-mau", settings("templates")],
  ["cai-dat-lich", settings("calendar")],
  ["cai-dat-tap-duot", settings("training")],
  ["nhiem-vu", nav("tasks")],
  ["giao-nhiem-vu", act("Shift+V", "task-form")],
  ["bang-lenh", pressed("Control+k", "palette")],
  ["phim-tat", pressed("F1", "help-sheet")],
  ["du-thao", pressed("Control+d", "draft-subject")],
  ["menu-ten", clicked("account-menu")],
  ["menu-co-trang", clicked("zoom-menu")],
  ["in", clicked("print-open")],
  ["uy-quyen", mandates],
  ["tim-trong-trang", act("Control+f", "find-bar")],
  ["chi-dao", act("b", "act-panel")],
  ["dat-canh", act("c", "compare-hold")],
  ["ky-rieng", signing],
];
/** What only the clerk sees. */
const CLERKS: readonly Place[] = [
  ["quet", nav("scan")],
  ["so", nav("book")],
  ["den-van-thu", document],
  ["di-cho-phat-hanh", view("outgoing", "outgoing_issue")],
];

/** Closes what was opened over or beside what is read. */
async function close(page: Page): Promise<void> {
  for (const beside of ["act-panel", "find-bar", "compare-hold"]) {
    if ((await page.getByTestId(beside).count()) === 0) continue;
    await page.keyboard.press("Escape");
    await expect(page.getByTestId(beside)).toHaveCount(0);
  }
  const popups = page.getByRole("menu").or(page.getByRole("dialog"));
  if ((await popups.count()) === 0) return;
  await page.keyboard.press("Escape");
  await expect(popups).toHaveCount(0);
}

/** Goes through the screens and says what is wrong on which. */
async function walk(
  page: Page,
  office: Office,
  places: readonly Place[],
  end: keyof typeof LOOKS,
): Promise<void> {
  const faults: string[] = [];
  const { size, theme, language } = LOOKS[end];
  await page.setViewportSize(size);
  await look(page, office, theme, language);
  for (const [name, open] of places) {
    await test.step(name, async () => {
      await open(page);
      await take(page, `${name}-${end}`);
      const found = [...(await accessibilityFaults(page)), ...(await outOfReach(page))];
      // Behind a dialog too, where axe does not look.
      const headings = await page.locator("h1").count();
      if (headings !== 1) found.push(`${headings} headings of the first level`);
      faults.push(...found.map((fault) => `${name}: ${fault}`));
      await close(page);
    });
  }
  expect(faults).toEqual([]);
}

async function sit(page: Page, office: Office, who: typeof LEADER | typeof CLERK) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize(FULL);
  await openFrame(page, office, who);
  await settled(page, office);
}

for (const [end, what] of [
  ["100", "at 1366×768"],
  ["toi-125", "in the dark at 125 %"],
  ["en", "in English"],
  ["200", "at 200 %"],
] as const) {
  test(`every screen, menu and dialog of a leader passes the check for accessibility ${what}, and nothing is cut, covered or out of reach`, async ({
    page,
    office,
  }) => {
    await sit(page, office, LEADER);
    await walk(page, office, LEADERS, end);
  });
}

test("a clerk's screens hold in every look", async ({ page, office }) => {
  await page.request.post(`${office.url}/ipc/switch_user`, { data: {} });
  await page.goto(office.url);
  await expect(page.getByTestId("login-form")).toBeVisible();
  await page.setViewportSize(FULL);
  await take(page, "dang-nhap");
  expect([...(await accessibilityFaults(page)), ...(await outOfReach(page))]).toEqual([]);
  await sit(page, office, CLERK);
  for (const end of ["100", "toi-125", "en", "200"] as const) {
    await walk(page, office, CLERKS, end);
  }
});

test("who wants no motion sees none", async ({ page, office }) => {
  await sit(page, office, CLERK);
  await pressed("Control+k", "palette")(page);
  const moving = await page.evaluate(() => {
    const seconds = (list: string) => Math.max(...list.split(",").map(Number.parseFloat));
    return [...window.document.querySelectorAll("*")]
      .map((element) => [element.className, getComputedStyle(element)] as const)
      .filter(
        ([, style]) =>
          seconds(style.transitionDuration) > 0.001 ||
          seconds(style.animationDuration) > 0.001 ||
          style.scrollBehavior !== "auto",
      )
      .map(([name]) => String(name));
  });
  expect(moving).toEqual([]);
});
