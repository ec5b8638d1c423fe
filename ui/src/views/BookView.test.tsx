import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type {
  BookDto,
  BookEntryDto,
  BookExport,
  BookQuery,
  OutgoingEntryDto,
  RegisterOptions,
  TrackingEntryDto,
} from "../generated/types";
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

const outgoing = (
  number: number | null,
  change: Partial<OutgoingEntryDto> = {},
): OutgoingEntryDto => ({
  document: `o${number}`,
  book: "di-QĐ",
  number,
  notation: number === null ? "QĐ-UBND" : `0${number}/QĐ-UBND`,
  issued_on: number === null ? "" : "2026-11-05",
  subject: "Quyết định: kiện toàn tổ công tác",
  signer: "Nguyễn Văn A",
  recipients: "Sở Nội vụ",
  kept: "VT",
  copies: 2,
  sent_on: "2026-11-05",
  received: 1,
  note: "",
  is_void: false,
  ...change,
});

const tracking = (number: number, change: Partial<TrackingEntryDto> = {}): TrackingEntryDto => ({
  document: `d${number}`,
  number,
  described: "Công văn số 12/SNV ngày 05/11/2026 của Sở Nội vụ",
  receivers: "Phòng Kinh tế, Trần Thị B (chủ trì)",
  due: "2026-11-10",
  progress: "overdue",
  done_on: "",
  reply: "",
  note: "",
  ...change,
});

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
    outgoing_register: () => ({
      entries: [outgoing(1), outgoing(3, { document: null, is_void: true }), outgoing(null)],
      total: 3,
      unseen: 1,
      books: [{ book: "di-QĐ", name: "Quyết định" }],
      years: [2026, 2025],
    }),
    tracking_register: () => ({ entries: [tracking(1)], total: 1 }),
    book_export: () => ({ id: "e1", name: "so.xlsx", media_type: "x" }),
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

it("the register of what goes out has its ten columns, says what is void and what waits, and what is not seen", async () => {
  const host = book();
  const opened: string[] = [];
  show(<BookView onOpenDocument={(id, direction) => opened.push(`${direction} ${id}`)} />);
  await userEvent.click(await screen.findByRole("radio", { name: "Đi" }));
  const rows = await screen.findAllByTestId("book-line");
  expect(screen.getAllByRole("columnheader").map((each) => each.textContent)).toEqual([
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu nội dung",
    "Người ký",
    "Nơi nhận",
    "Nhận bản lưu",
    "Số bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
  ]);
  expect(rows[0]).toHaveTextContent("Đã đến 1/2 nơi");
  expect(rows[1]).toHaveTextContent("Đã huỷ");
  expect(rows[2]).toHaveTextContent("Chờ số");
  expect(screen.getByTestId("book-unseen")).toHaveTextContent("Có 1 số");
  await userEvent.selectOptions(screen.getByTestId("book-series"), "di-QĐ");
  await waitFor(() =>
    expect(host.calls("outgoing_register").at(-1)).toMatchObject({ book: "di-QĐ" }),
  );
  await screen.findAllByTestId("book-line");
  screen.getByTestId("book-table").focus();
  await userEvent.keyboard("{Home}{Enter}");
  expect(opened).toEqual(["outgoing o1"]);
});

it("the handling is followed in seven columns and narrowed to what is overdue", async () => {
  const host = book();
  show(<BookView onOpenDocument={() => undefined} />);
  await userEvent.click(await screen.findByRole("radio", { name: "Theo dõi" }));
  const row = await screen.findByTestId("book-line");
  expect(screen.getAllByRole("columnheader")).toHaveLength(7);
  expect(row).toHaveTextContent("Quá hạn");
  await userEvent.selectOptions(screen.getByTestId("book-progress"), "overdue");
  await waitFor(() =>
    expect(host.calls("tracking_register").at(-1)).toMatchObject({ progress: "overdue" }),
  );
});

it("chosen columns are shown, remembered and taken out; one choice restores the decree's", async () => {
  const host = book();
  show(<BookView onOpenDocument={() => undefined} />);
  await screen.findAllByTestId("book-line");
  await userEvent.click(screen.getByTestId("book-columns"));
  await userEvent.click(await screen.findByTestId("book-column-issuer"));
  expect(screen.getAllByRole("columnheader", { hidden: true })).toHaveLength(9);
  expect(host.calls("setting_set").at(-1)).toMatchObject({ key: "book.columns.incoming" });
  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByTestId("book-xlsx"));
  const exported = () => host.calls("book_export").at(-1) as BookExport | undefined;
  await waitFor(() => expect(exported()?.columns).toHaveLength(9));
  expect(exported()?.columns).not.toContain("issuer");
  await userEvent.click(screen.getByTestId("book-columns"));
  await userEvent.click(await screen.findByTestId("book-columns-decree"));
  expect(await screen.findAllByRole("columnheader", { hidden: true })).toHaveLength(10);
});
