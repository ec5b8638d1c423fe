import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { BookDto, BookEntryDto, BookQuery, RegisterOptions } from "../generated/types";
import { CommandError } from "../platform";
import { fakeHost } from "../testing/fakeHost";
import { show } from "../testing/show";
import { BookView } from "./BookView";

const line = (number: number | null, change: Partial<BookEntryDto> = {}): BookEntryDto => ({
  document: `d${number}`,
  arrived_on: "2026-11-22",
  number,
  provisional: number === null ? "T-7" : null,
  issuer: "Sở Nội vụ",
  notation: `${number}/SNV`,
  issued_on: "2026-11-05",
  subject: "Công văn V/v rà soát biên chế",
  activity: "",
  receivers: "",
  passed_on: "",
  acknowledged: "",
  note: "",
  is_void: false,
  ...change,
});

const LINES = [
  line(1, { activity: "Đất đai, môi trường" }),
  line(2, { document: null, is_void: true, note: "Vào sổ nhầm" }),
  line(null, { document: "d9" }),
];

function book(change: Partial<BookDto> = {}, activities: RegisterOptions["activities"] = []) {
  return fakeHost({
    register_options: () => ({
      books: [
        {
          book: "VBDEN",
          name: "Sổ văn bản đến",
          year: 2026,
          leased: null,
          held_by: null,
          ...change,
        },
      ],
      leaders: [],
      activities,
      defaults: { book: "", received_on: "", present_to: null, stamp: true, sign: false },
    }),
    book_entries: () => ({ entries: LINES, total: LINES.length }),
    lease_take: () => {
      throw new CommandError("NET_UNREACHABLE");
    },
  });
}

const asked = (host: ReturnType<typeof fakeHost>) =>
  host.calls("book_entries").at(-1) as BookQuery | undefined;

it("has the ten columns of the decree; void numbers and waiting ones are told apart by words", async () => {
  book();
  show(<BookView onOpenDocument={() => undefined} />);
  const rows = await screen.findAllByTestId("book-line");
  expect(screen.getAllByRole("columnheader")).toHaveLength(10);
  expect(rows[1]).toHaveTextContent("Đã huỷ");
  expect(rows[1]).toHaveTextContent("Vào sổ nhầm");
  expect(rows[2]).toHaveTextContent("Chờ số");
  expect(rows[2]).toHaveTextContent("T-7");
});

it("the arrows go through the lines and Enter opens the document, but no void number", async () => {
  const opened: string[] = [];
  book();
  show(<BookView onOpenDocument={(id) => opened.push(id)} />);
  await screen.findAllByTestId("book-line");
  screen.getByTestId("book-table").focus();
  await userEvent.keyboard("{ArrowDown}{Enter}{ArrowDown}{Enter}");
  expect(opened).toEqual(["d9"]);
});

it("a day is typed as people type it; what is no day is marked and asks for nothing", async () => {
  const host = book();
  show(<BookView onOpenDocument={() => undefined} />);
  await screen.findAllByTestId("book-line");
  const from = screen.getByTestId("book-day-from");
  await userEvent.type(from, "5/1/26{Enter}");
  await waitFor(() => expect(asked(host)?.from).toBe("2026-01-05"));
  expect(from).toHaveValue("05/01/2026");
  await userEvent.clear(from);
  await userEvent.type(from, "hôm nay{Enter}");
  expect(from).toHaveAttribute("aria-invalid", "true");
  expect(asked(host)?.from).toBe("2026-01-05");
});

it("lines say their field of activity under the subject, and the book is narrowed to one", async () => {
  const host = book({}, [{ code: "dat-dai", name: "Đất đai, môi trường" }]);
  show(<BookView onOpenDocument={() => undefined} />);
  const rows = await screen.findAllByTestId("book-line");
  expect(rows[0]).toHaveTextContent("Lĩnh vực: Đất đai, môi trường");
  expect(rows[1]).not.toHaveTextContent("Lĩnh vực");
  const select = screen.getByRole("combobox", { name: "Lĩnh vực" });
  await userEvent.selectOptions(select, "dat-dai");
  await waitFor(() => expect(asked(host)?.activity).toBe("dat-dai"));
  await userEvent.click(screen.getByTestId("book-all"));
  expect(select).toHaveValue("");
});

it("says what numbers this machine may give, and why it could not take any", async () => {
  const host = book();
  show(<BookView onOpenDocument={() => undefined} />);
  const lease = await screen.findByTestId("lease-line");
  expect(lease).toHaveTextContent("số tạm");
  await userEvent.click(screen.getByTestId("lease-take"));
  expect(await within(lease).findByTestId("error-message")).toHaveAttribute(
    "data-code",
    "NET_UNREACHABLE",
  );
  expect(host.calls("lease_take")).toEqual([{ book: "VBDEN", year: 2026 }]);
});

it("a book that another machine holds offers no numbers here and says who has it", async () => {
  book({ held_by: "Máy của Trần Thị B" });
  show(<BookView onOpenDocument={() => undefined} />);
  expect(await screen.findByTestId("lease-line")).toHaveTextContent("Máy của Trần Thị B");
  expect(screen.queryByTestId("lease-take")).toBeNull();
});
