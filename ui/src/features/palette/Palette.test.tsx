import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import type { DocumentPage, DocumentQuery } from "../../generated/types";
import { fakeHost, sampleRow } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import type { Entry } from "./entries";
import { useOffer } from "./offers";
import { Palette } from "./Palette";

const section = (title: string, run: () => void): Entry => ({
  id: title,
  group: "section",
  icon: "book",
  title,
  run,
});

function Harness(props: { run: () => void; offer: () => void; onDocument: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  useOffer(() => [{ ...section("Nhận xử lý", props.offer), group: "act" }]);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      <Palette
        open={open}
        entries={[section("Sổ văn bản", props.run), section("Đồng bộ", () => undefined)]}
        onOpenDocument={props.onDocument}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

async function palette(find: (query: DocumentQuery) => DocumentPage | Promise<DocumentPage>) {
  const host = fakeHost({ documents_list: find });
  const done = { run: vi.fn(), offer: vi.fn(), onDocument: vi.fn() };
  show(<Harness {...done} />);
  await userEvent.click(screen.getByText("open"));
  await waitFor(() => expect(screen.getByTestId("palette-text")).toHaveFocus());
  return { host, ...done };
}

const NOTHING: DocumentPage = { rows: [], total: 0, next: null };

it("what is offered on the screen comes first; the arrows choose and Enter does it when it is closed", async () => {
  const { run, offer } = await palette(() => NOTHING);
  expect(screen.getAllByRole("option")[0]).toHaveTextContent("Nhận xử lý");
  await userEvent.keyboard("{ArrowDown}");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Sổ văn bản");
  expect(screen.getByRole("combobox")).toHaveAttribute(
    "aria-activedescendant",
    screen.getByRole("option", { selected: true }).id,
  );
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(run).toHaveBeenCalledOnce());
  expect(screen.queryByTestId("palette")).not.toBeInTheDocument();
  expect(offer).not.toHaveBeenCalled();
});

it("Escape does nothing but close", async () => {
  const { run, offer } = await palette(() => NOTHING);
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("palette")).not.toBeInTheDocument());
  expect(run).not.toHaveBeenCalled();
  expect(offer).not.toHaveBeenCalled();
});

it("the core looks for documents once typing pauses, and its answer to an older text is dropped", async () => {
  let answerLate: (page: DocumentPage) => void = () => undefined;
  const late = new Promise<DocumentPage>((settle) => {
    answerLate = settle;
  });
  const page = (n: number): DocumentPage => ({ rows: [sampleRow(n)], total: 1, next: null });
  const { host, onDocument } = await palette(({ view, search }) => {
    if (view !== "incoming_all") return NOTHING;
    return search === "12" ? late : page(123);
  });
  await userEvent.keyboard("12");
  await waitFor(() => expect(host.calls("documents_list")).toHaveLength(2));
  await userEvent.keyboard("3");
  expect(await screen.findByText("123/UBND-VX")).toBeVisible();
  answerLate(page(12));
  await late;
  expect(screen.queryByText("12/UBND-VX")).not.toBeInTheDocument();
  expect(host.calls("documents_list")).toHaveLength(4);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(onDocument).toHaveBeenCalledExactlyOnceWith("doc-123", "incoming"));
});

it("nothing that is like it is said so, with what to do", async () => {
  await palette(() => NOTHING);
  await userEvent.keyboard("xyz");
  expect(await screen.findByText(/Không thấy “xyz”/)).toBeVisible();
  expect(screen.queryByRole("listbox")).not.toBeInTheDocument();
});

it("a letter typed before the next frame is the palette's, and Escape gives the focus back", async () => {
  const frames = vi.spyOn(window, "requestAnimationFrame").mockReturnValue(0);
  fakeHost({ documents_list: () => NOTHING });
  const nothing = () => undefined;
  show(<Harness run={nothing} offer={nothing} onDocument={nothing} />);
  const opener = screen.getByText("open");
  opener.focus();
  await userEvent.keyboard("{Enter}v");
  expect(screen.getByTestId("palette-text")).toHaveValue("v");
  frames.mockRestore();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(opener).toHaveFocus());
});
