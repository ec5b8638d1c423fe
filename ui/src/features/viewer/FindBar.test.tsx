import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef } from "react";
import { expect, it } from "vitest";
import type { FileHits, FileSearch } from "../../generated/types";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { FindBar } from "./FindBar";
import { useFind } from "./useFind";

const hit = (page: number) => ({ page, boxes: [{ x: 0, y: 0, w: 0.1, h: 0.1 }] });

function Finder({ page }: { page: number }) {
  const find = useFind("a".repeat(64), () => page);
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={find.show}>
        mở
      </button>
      {find.open && <FindBar find={find} field={field} onClose={find.close} />}
    </>
  );
}

async function open(answer: (args: FileSearch) => FileHits | Promise<FileHits>, page = 0) {
  const host = fakeHost({ file_search: answer });
  show(<Finder page={page} />);
  await userEvent.click(screen.getByText("mở"));
  return {
    host,
    field: screen.getByTestId("find-field"),
    count: () => screen.getByTestId("find-count"),
  };
}

it("asks for portion after portion and begins at the page that is read", async () => {
  const { host, field, count } = await open(
    ({ from }) => ({
      hits: [hit(from), hit(from)],
      next: from < 4 ? from + 2 : null,
      wordless: from === 4 ? 1 : 0,
    }),
    3,
  );
  await userEvent.type(field, "dieu dong");
  await waitFor(() => expect(count()).toHaveTextContent("5/6"));
  expect(host.calls("file_search").map((args) => (args as FileSearch).from)).toEqual([0, 2, 4]);
  expect(screen.getByText(/1 trang không có lớp chữ/)).toBeInTheDocument();
  await userEvent.keyboard("{Enter}");
  expect(count()).toHaveTextContent("6/6");
  await userEvent.keyboard("{Enter}");
  expect(count()).toHaveTextContent("1/6");
  await userEvent.keyboard("{Shift>}{Enter}{/Shift}");
  expect(count()).toHaveTextContent("6/6");
});

it("lets go of a search when other words are typed, and its late answer changes nothing", async () => {
  let late: ((hits: FileHits) => void) | undefined;
  const { field, count } = await open(({ query }) =>
    query === "an"
      ? new Promise((settle) => {
          late = settle;
        })
      : { hits: [hit(0)], next: null, wordless: 0 },
  );
  await userEvent.type(field, "an");
  await waitFor(() => expect(late).toBeDefined());
  expect(count()).toHaveTextContent("Đang tìm…");
  await userEvent.type(field, " ninh");
  await waitFor(() => expect(count()).toHaveTextContent("1/1"));
  await act(async () => late?.({ hits: [hit(1), hit(2)], next: null, wordless: 0 }));
  expect(count()).toHaveTextContent("1/1");
});

it("says that there is nothing, and Escape closes", async () => {
  const { field, count } = await open(() => ({ hits: [], next: null, wordless: 0 }));
  await userEvent.type(field, "khong co");
  await waitFor(() => expect(count()).toHaveTextContent("Không thấy"));
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByTestId("find-bar")).toBeNull();
});
