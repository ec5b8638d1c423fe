import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef, useState } from "react";
import { expect, it } from "vitest";
import type { DocumentQuery } from "../../generated/types";
import { CommandError } from "../../platform";
import { fakeHost, sampleHandling, sampleRow } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { type ListPlace, PLACES_AT_START } from "../../views/listPlaces";
import { ListPane } from "./ListPane";
import { useDocumentRows } from "./useDocumentRows";

const ROWS = Array.from({ length: 250 }, (_, i) => sampleRow(1000 - i));

function list(query: DocumentQuery) {
  const rows = ROWS.filter((row) => row.notation?.includes(query.search) ?? false);
  const start = query.skip;
  const end = start + query.limit;
  return {
    rows: rows.slice(start, end),
    total: start === 0 ? rows.length : 0,
    next: end < rows.length ? String(end) : null,
  };
}

const counts = {
  incoming_pending: 250,
  incoming_overdue: 2,
  incoming_due_soon: 1,
  incoming_say: 3,
  incoming_hold: 4,
  incoming_support: 0,
  incoming_inform: 0,
  incoming_all: 300,
  incoming_unread: 0,
  drafts: 0,
  outgoing_check: 0,
  to_sign: 0,
  outgoing_issue: 0,
  outgoing_all: 0,
};

interface HarnessProps {
  onOpen?: () => void;
  onLookFor?: (text: string) => void;
}

function Harness({ onOpen = () => undefined, onLookFor = () => undefined }: HarnessProps) {
  const [place, setPlace] = useState<ListPlace>(PLACES_AT_START.incoming);
  const ref = useRef<HTMLDivElement>(null);
  return (
    <ListPane
      section="incoming"
      place={place}
      onPlace={setPlace}
      onLookFor={onLookFor}
      onOpen={onOpen}
      listRef={ref}
      account={null}
      onDraft={() => undefined}
      width={340}
      aside={false}
    />
  );
}

const selected = () => screen.getByRole("option", { selected: true });

it("knows the length of the list but reads and draws only what is in sight", async () => {
  const host = fakeHost({ documents_list: list, view_counts: () => counts });
  show(<Harness />);
  expect(await screen.findByRole("option", { name: /1000\/UBND-VX/ })).toHaveAttribute(
    "aria-setsize",
    "250",
  );
  expect(screen.getAllByRole("option").length).toBeLessThan(40);
  expect(host.calls("documents_list")).toHaveLength(1);
});

function Far() {
  const [far, setFar] = useState(false);
  const rows = useDocumentRows({ view: "incoming_all", search: "" }, far ? 235 : 0, far ? 245 : 10);
  return (
    <button type="button" onClick={() => setFar(true)}>
      {rows.total} {rows.rowAt(far ? 245 : 0)?.notation}
    </button>
  );
}

it("a place far down is reached by one question, without reading what lies between", async () => {
  const host = fakeHost({ documents_list: list, view_counts: () => counts });
  show(<Far />);
  await userEvent.click(await screen.findByRole("button", { name: "250 1000/UBND-VX" }));
  await screen.findByRole("button", { name: "250 755/UBND-VX" });
  const asked = host.calls("documents_list").map((query) => (query as DocumentQuery).skip);
  expect(asked).toEqual([0, 200]);
});

it("selects the first row; arrows and j, k move; Enter opens", async () => {
  let opened = 0;
  fakeHost({ documents_list: list, view_counts: () => counts });
  show(
    <Harness
      onOpen={() => {
        opened += 1;
      }}
    />,
  );
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  screen.getByRole("listbox").focus();
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(selected()).toHaveTextContent("998/UBND-VX");
  await userEvent.keyboard("k");
  expect(selected()).toHaveTextContent("999/UBND-VX");
  await userEvent.keyboard("{Enter}");
  expect(opened).toBe(1);
});

it("Space and Shift with arrows choose several; one confirmation takes them up, each with its outcome", async () => {
  const host = fakeHost({
    documents_list: list,
    view_counts: () => counts,
    document_handling: ({ id }) =>
      sampleHandling({
        state: "directed",
        allowed: id === "doc-998" ? [] : ["take_up", "return"],
      }),
    document_act: ({ document }) => {
      if (document === "doc-999") throw new CommandError("ACT_WRONG_STATE");
      return sampleHandling();
    },
  });
  show(<Harness />);
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  screen.getByRole("listbox").focus();
  await userEvent.keyboard(" {Shift>}{ArrowDown}{ArrowDown}{/Shift}");
  expect(screen.getByTestId("many-count")).toHaveAttribute("data-count", "3");
  // Two of the three wait to be taken up.
  await userEvent.click(await screen.findByRole("button", { name: "Nhận xử lý (2)" }));
  await userEvent.click(await screen.findByTestId("act-send"));
  const outcomes = await screen.findByTestId("many-outcomes");
  expect(outcomes).toHaveAttribute("data-failed", "1");
  expect(outcomes).toHaveTextContent(/1000\/UBND-VX.*đã lưu trên máy.*999.*ACT_WRONG_STATE/);
  expect(host.calls("document_act")).toEqual([
    { document: "doc-1000", act: { act: "take_up" } },
    { document: "doc-999", act: { act: "take_up" } },
  ]);
  await userEvent.click(screen.getByTestId("many-close"));
  expect(screen.queryByTestId("many-bar")).not.toBeInTheDocument();
});

it("what was chosen is let go by Escape and by another filter", async () => {
  fakeHost({
    documents_list: list,
    view_counts: () => counts,
    document_handling: () => sampleHandling(),
  });
  show(<Harness />);
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  screen.getByRole("listbox").focus();
  await userEvent.keyboard(" ");
  expect(screen.getByTestId("row-marked")).toBeVisible();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByTestId("row-marked")).not.toBeInTheDocument();
  await userEvent.keyboard(" ");
  await userEvent.click(screen.getByTestId("view-incoming_hold"));
  expect(screen.queryByTestId("many-bar")).not.toBeInTheDocument();
});

it("searches after a pause, once, and tells when nothing matches", async () => {
  const host = fakeHost({ documents_list: list, view_counts: () => counts });
  show(<Harness />);
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  await userEvent.keyboard("/");
  expect(screen.getByRole("textbox")).toHaveFocus();
  await userEvent.keyboard("không có");
  expect(await screen.findByText("Không tìm thấy “không có”")).toBeVisible();
  expect(host.calls("documents_list").length).toBeLessThan(6);
  await userEvent.click(screen.getAllByRole("button", { name: "Xoá từ tìm" })[1] as HTMLElement);
  await screen.findByRole("option", { name: /1000\/UBND-VX/ });
});

it("typing j in the search field types a j", async () => {
  fakeHost({ documents_list: list, view_counts: () => counts });
  show(<Harness />);
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  await userEvent.type(screen.getByRole("textbox"), "j");
  expect(screen.getByRole("textbox")).toHaveValue("j");
  expect(selected()).toHaveTextContent("1000/UBND-VX");
});

it("reads the rows again when documents have changed", async () => {
  const host = fakeHost({ documents_list: list, view_counts: () => counts });
  show(<Harness />);
  await waitFor(() => expect(selected()).toHaveTextContent("1000/UBND-VX"));
  host.change("sync");
  host.change("documents", "documents");
  await waitFor(() => expect(host.calls("documents_list")).toHaveLength(2));
});

it("what no document of the list says of itself is looked for in the words of pages too", async () => {
  fakeHost({ documents_list: list, view_counts: () => counts });
  const looked: string[] = [];
  show(<Harness onLookFor={(text) => looked.push(text)} />);
  await screen.findByRole("option", { name: /1000\/UBND-VX/ });
  await userEvent.type(screen.getByTestId("search"), "hồ thủy lợi");
  await userEvent.click(await screen.findByRole("button", { name: /Tìm trong nội dung/ }));
  expect(looked).toEqual(["hồ thủy lợi"]);
});
