import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type {
  AgencyDto,
  LetterDetail,
  LetterEdit,
  RegisterOptions,
  StackDto,
} from "../generated/types";
import { fakeHost } from "../testing/fakeHost";
import { sampleCard, sampleInbox, sampleLetter, sampleStack } from "../testing/letters";
import { show } from "../testing/show";
import { IntakeView } from "./IntakeView";

const OPTIONS: RegisterOptions = {
  books: [{ book: "VBDEN", name: "Sổ văn bản đến", year: 2026, leased: null, held_by: null }],
  leaders: [{ account: "7", name: "Nguyễn Văn A", position: "Chủ tịch" }],
  activities: [],
  defaults: { book: "VBDEN", received_on: "", present_to: "7", stamp: true, sign: false },
};

const DEPARTMENT: AgencyDto = {
  code: "H99.5",
  name: "Sở Nội vụ",
  symbol: "SNV",
  parent: "UBND tỉnh H99",
  valid_from: null,
  valid_to: null,
  successors: [],
  is_valid: true,
};
const COMMUNE = { ...DEPARTMENT, code: "H99.101", name: "uỷ ban xã A", valid_from: "2025-07-01" };
const DISTRICT = {
  ...DEPARTMENT,
  code: "H99.31",
  name: "uỷ ban huyện B",
  parent: null,
  valid_to: "2025-06-30",
  successors: ["xã A", "xã C", "xã D"],
  is_valid: false,
};

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** An inbox that behaves as the core's: a confirmed letter leaves the list, the next one is told. */
function inbox(letters: LetterDetail[], stacks: StackDto[] = [], there = Promise.resolve()) {
  const kept = new Map(letters.map((letter) => [letter.card.id, letter]));
  let waiting = stacks;
  const cards = () => [...kept.values()].map((letter) => letter.card);
  const host = fakeHost({
    intake_list: async ({ states }) => {
      await there;
      const all = cards();
      const shown = all.filter((card) => states.length === 0 || states.includes(card.state));
      return { ...sampleInbox(all), letters: shown, total: shown.length, stacks: waiting };
    },
    intake_letter: ({ letter }) => structuredClone(kept.get(letter) ?? sampleLetter()),
    intake_save: (edit) => put(edit),
    intake_confirm: (edit) => {
      put(edit).card.state = "CONFIRMED";
      return { next: cards().find((card) => card.state === "READY")?.id ?? null };
    },
    intake_pages: (act) => {
      if (act.act === "SETTLE_SPLIT" || act.act === "DISMISS_STACK") {
        waiting = waiting.filter((stack) => stack.id !== act.stack);
      }
      return {};
    },
    intake_undo: () => ({}),
    agencies_find: ({ text, on }) =>
      [DEPARTMENT, { ...COMMUNE, is_valid: on === null || on > "2025" }, DISTRICT].filter((one) =>
        plain(one.name).startsWith(plain(text)),
      ),
    register_options: () => OPTIONS,
    intake_register: () => ({
      letters: cards()
        .filter((card) => card.state === "CONFIRMED")
        .map((card, i) => ({
          letter: card.id,
          document: `d${card.id}`,
          number: i === 0 ? 12 : null,
          provisional: i === 0 ? null : "T-01",
          code: null,
        })),
      numbered: 1,
      provisional: 1,
      failed: 0,
    }),
    seal_queue: () => ({ ready: 0, waiting: 0 }),
    scan_sources: () => ({ folder: null, folder_code: null, scanners: [], job: null }),
  });
  function put(edit: LetterEdit): LetterDetail {
    const letter = kept.get(edit.letter);
    if (letter === undefined) throw new Error("no such letter");
    letter.fields = edit.fields;
    return letter;
  }
  return { host, kept };
}

const letter = (id: string, change: Partial<LetterDetail> = {}) =>
  sampleLetter({ card: sampleCard(id), ...change });
const doubt = (confidence: Record<string, number>) =>
  Object.entries(confidence).map(([field, sure]) => ({ field, confidence: sure, places: [] }));

const scans = { over: false, choose: () => undefined, error: null, taking: false } as const;
const open = () => show(<IntakeView scans={scans} onOpenDocument={() => undefined} />);
const accepted = (host: ReturnType<typeof fakeHost>) =>
  host.calls("intake_confirm") as LetterEdit[];

it("when all fields were read surely one Enter accepts a letter and shows the next", async () => {
  const { host } = inbox(Array.from({ length: 20 }, (_, i) => letter(String(i + 1))));
  open();
  for (let i = 1; i <= 20; i++) {
    await waitFor(() => {
      expect(screen.getByTestId("letter-pane")).toHaveAttribute("data-letter", String(i));
      expect(screen.getByTestId("letter-accept")).toHaveFocus();
    });
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(accepted(host)).toHaveLength(i));
  }
  expect(new Set(accepted(host).map((edit) => edit.letter)).size).toBe(20);
});

it("Enter in the list before its first letters are there opens the first of them", async () => {
  let arrive: () => void = () => undefined;
  const there = new Promise<void>((done) => {
    arrive = done;
  });
  inbox([letter("1")], [], there);
  open();
  screen.getByTestId("inbox-list").focus();
  await userEvent.keyboard("{Enter}");
  arrive();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
});

it("the least sure field has the focus; Enter goes to the next doubtful one, then accepts", async () => {
  const { host } = inbox([letter("1", { readings: doubt({ subject: 0.6, issued_on: 0.3 }) })]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-issued_on")).toHaveFocus());
  await userEvent.keyboard("{Escape}");
  expect(screen.getByTestId("inbox-list")).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("field-issued_on")).toHaveFocus());
  await userEvent.keyboard("5/1/26{Enter}");
  await waitFor(() => expect(screen.getByTestId("field-subject")).toHaveFocus());
  expect(screen.getByTestId("field-issued_on")).toHaveValue("05/01/2026");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(accepted(host)).toHaveLength(1));
  expect(accepted(host)[0]?.fields.issued_on).toBe("2026-01-05");
});

it("a day that is none is said at its field and accepts nothing", async () => {
  const { host } = inbox([letter("1", { readings: doubt({ issued_on: 0.3 }) })]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-issued_on")).toHaveFocus());
  await userEvent.keyboard("31/2/26{Enter}");
  expect(await screen.findByText(/Không phải ngày/)).toBeVisible();
  expect(screen.getByTestId("field-issued_on")).toHaveFocus();
  expect(accepted(host)).toHaveLength(0);
});

it("an agency is completed by the arrows and keeps its code; Enter in the list accepts no letter", async () => {
  const { host } = inbox([letter("1", { readings: doubt({ issuer: 0.3 }) })]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-issuer")).toHaveFocus());
  await userEvent.keyboard("so noi");
  await screen.findByRole("option", { name: /Sở Nội vụ/ });
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(screen.getByTestId("field-issuer")).toHaveValue("Sở Nội vụ");
  expect(accepted(host)).toHaveLength(0);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(accepted(host)).toHaveLength(1));
  expect(accepted(host)[0]?.fields).toMatchObject({ issuer: "Sở Nội vụ", issuer_code: "H99.5" });
});

const ACTIVITIES = [
  { code: "to-chuc", name: "Tổ chức bộ máy, biên chế" },
  { code: "dat-dai", name: "Đất đai, môi trường" },
];

it("a field of activity is completed from the agency's list, and one that is not in it is refused", async () => {
  const { host } = inbox([letter("1", { activities: ACTIVITIES })]);
  open();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
  const field = screen.getByTestId("field-activity");
  await userEvent.type(field, "giáo dục{Enter}");
  expect(await screen.findByText(/Không có lĩnh vực này/)).toBeVisible();
  expect(accepted(host)).toHaveLength(0);
  await userEvent.clear(field);
  await userEvent.type(field, "bien che");
  await screen.findByRole("option", { name: /Tổ chức bộ máy/ });
  await userEvent.keyboard("{ArrowDown}{Enter}{Enter}");
  await waitFor(() => expect(accepted(host)).toHaveLength(1));
  expect(accepted(host)[0]?.fields.activity).toBe("to-chuc");
});

it("a field of activity that was learned is said to be, and costs a key only where it is doubtful", async () => {
  const learned = (id: string, sure: number) => {
    const proposed = letter(id, { activities: ACTIVITIES, readings: doubt({ activity: sure }) });
    proposed.fields.activity = "dat-dai";
    return proposed;
  };
  const { host } = inbox([learned("1", 0.9), learned("2", 0.5)]);
  open();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
  expect(screen.getByTestId("field-activity")).toHaveValue("Đất đai, môi trường");
  expect(screen.getByText("theo văn bản trước")).toBeVisible();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByTestId("field-activity")).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(accepted(host)).toHaveLength(2));
  expect(accepted(host).map((edit) => edit.fields.activity)).toEqual(["dat-dai", "dat-dai"]);
});

it("an agency without a list of fields is asked for none", async () => {
  inbox([letter("1")]);
  open();
  await screen.findByTestId("field-subject");
  expect(screen.queryByTestId("field-activity")).toBeNull();
});

it("a row says of which agency it is, what one that ended became, and asks for the day of the letter", async () => {
  const { host } = inbox([letter("1", { readings: doubt({ issuer: 0.3 }) })]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-issuer")).toHaveFocus());
  await userEvent.keyboard("uỷ ban");
  const ended = await screen.findByRole("option", { name: /huyện B/ });
  expect(ended).toHaveTextContent("H99.31");
  expect(ended).toHaveTextContent(
    "đã kết thúc ngày 30/06/2025, chuyển về xã A, xã C và 1 cơ quan khác",
  );
  const begun = screen.getByRole("option", { name: /uỷ ban xã A/ });
  expect(begun).toHaveTextContent("UBND tỉnh H99 · H99.101");
  expect(begun).not.toHaveTextContent("từ 01/07/2025");
  expect(host.calls("agencies_find").at(-1)).toMatchObject({ on: "2026-11-05" });
  // Of a letter from before it, the same row says since when it is called so.
  const day = screen.getByTestId("field-issued_on");
  await userEvent.clear(day);
  await userEvent.type(day, "5/1/24");
  await userEvent.click(screen.getByTestId("field-issuer"));
  await userEvent.clear(screen.getByTestId("field-issuer"));
  await userEvent.keyboard("uỷ ban xã");
  expect(await screen.findByRole("option", { name: /uỷ ban xã A/ })).toHaveTextContent(
    "từ 01/07/2025",
  );
  expect(host.calls("agencies_find").at(-1)).toMatchObject({ on: "2024-01-05" });
});

it("a reading that comes late fills what nobody touched and leaves what was typed", async () => {
  const reading = letter("1", { readings: doubt({ subject: 0.2 }) });
  reading.fields.subject = "";
  const { host, kept } = inbox([reading]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-subject")).toHaveFocus());
  await userEvent.keyboard("V/v gõ tay");
  const now = kept.get("1");
  if (now !== undefined) {
    now.fields = { ...now.fields, subject: "V/v đọc máy", signer_name: "Trần Thị B" };
  }
  host.change("intake");
  await waitFor(() => expect(screen.getByTestId("field-signer_name")).toHaveValue("Trần Thị B"));
  expect(screen.getByTestId("field-subject")).toHaveValue("V/v gõ tay");
});

it("a probable duplicate is shown beside its entry and confirmed only by a word of its own", async () => {
  const { host } = inbox([
    letter("1", {
      duplicates: [
        {
          document: "d9",
          letter: null,
          reason: "NOTATION",
          number: 45,
          notation: "1/UBND-VX",
          issuer: "UBND tỉnh H99",
          subject: "V/v rà soát hộ nghèo",
          arrived_at: Date.UTC(2026, 10, 20),
        },
      ],
    }),
  ]);
  open();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
  await userEvent.keyboard("{Enter}");
  expect(accepted(host)).toHaveLength(0);
  expect(screen.getByTestId("duplicate-discard")).toHaveFocus();
  expect(within(screen.getByTestId("duplicate")).getByText(/Số đến 45/)).toBeVisible();
  await userEvent.keyboard("{Tab}{Enter}");
  await waitFor(() => expect(accepted(host)).toHaveLength(1));
  expect(accepted(host)[0]?.despite_duplicate).toBe(true);
});

it("a proposed cut is shown letter by letter and counts only after a word", async () => {
  const split = { begins: [2, 5], blank: [3], sheets: [] };
  const { host } = inbox([], [sampleStack({ split })]);
  open();
  await waitFor(() => expect(screen.getByTestId("cut-accept")).toHaveFocus());
  expect(screen.getAllByTestId("cut-piece")).toHaveLength(3);
  expect(host.calls("intake_pages")).toHaveLength(0);
  await userEvent.keyboard("{Enter}");
  await waitFor(() =>
    expect(host.calls("intake_pages")).toEqual([
      { act: "SETTLE_SPLIT", stack: "s1", accept: true },
    ]),
  );
});

it("pages are worked on by keys in the strip, and Ctrl+Z takes the last change back", async () => {
  const first = sampleLetter();
  const page = first.pages[0];
  if (page === undefined) throw new Error("no page");
  const pages = [0, 1, 2].map((number) => ({ ...page, page: number, blank: number === 1 }));
  const { host } = inbox([letter("1", { pages })]);
  open();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
  await userEvent.keyboard("{Control>}g{/Control}");
  const strip = screen.getByTestId("page-strip");
  expect(strip).toHaveFocus();
  expect(within(strip).getByRole("option", { name: /Trang 2 .* trang trắng/ })).toBeVisible();
  await userEvent.keyboard("{ArrowDown}r{Shift>}{ArrowUp}{/Shift}");
  await userEvent.keyboard("{ArrowDown}s{Delete}");
  expect(host.calls("intake_pages")).toEqual([
    { act: "TURN", letter: "1", page: 1, turns: 1 },
    { act: "ORDER", letter: "1", order: [1, 0, 2] },
    { act: "SPLIT", letter: "1", page: 1 },
    { act: "REMOVE", letter: "1", pages: [1] },
  ]);
  await userEvent.keyboard("{Escape}");
  expect(screen.getByTestId("letter-accept")).toHaveFocus();
});

it("the batch is registered by one act; the report tells numbers from provisional ones in words", async () => {
  const { host } = inbox([
    letter("1", { card: sampleCard("1", { state: "CONFIRMED" }) }),
    letter("2", { card: sampleCard("2", { state: "CONFIRMED" }) }),
    letter("3"),
  ]);
  open();
  await waitFor(() => expect(screen.getByTestId("letter-accept")).toHaveFocus());
  await userEvent.keyboard("{Control>}{Shift>}{Enter}{/Shift}{/Control}");
  const dialog = await screen.findByTestId("register-dialog");
  expect(within(dialog).getByTestId("register-promise")).toHaveTextContent("số tạm");
  await waitFor(() => expect(within(dialog).getByTestId("register-start")).toBeEnabled());
  within(dialog).getByTestId("register-day").focus();
  await userEvent.keyboard("{Control>}a{/Control}20/11/26{Enter}");
  expect(await screen.findByTestId("register-report")).toHaveTextContent("1 đã có số · 1 chờ số");
  expect(host.calls("intake_register")).toEqual([
    {
      letters: [],
      defaults: {
        book: "VBDEN",
        received_on: "2026-11-20",
        present_to: "7",
        stamp: true,
        sign: false,
      },
    },
  ]);
});

it("a letter that is read anew takes the focus from nobody who works on its pages", async () => {
  const { host, kept } = inbox([letter("1", { readings: doubt({ subject: 0.4 }) })]);
  open();
  await waitFor(() => expect(screen.getByTestId("field-subject")).toHaveFocus());
  await userEvent.keyboard("{Control>}g{/Control}");
  expect(screen.getByTestId("page-strip")).toHaveFocus();
  const card = kept.get("1")?.card;
  for (const state of ["READING", "READY"] as const) {
    if (card !== undefined) card.state = state;
    host.change("intake");
    await waitFor(() => {
      const accept = screen.getByTestId("letter-accept");
      if (state === "READY") expect(accept).toBeEnabled();
      else expect(accept).toBeDisabled();
    });
  }
  expect(screen.getByTestId("page-strip")).toHaveFocus();
});
