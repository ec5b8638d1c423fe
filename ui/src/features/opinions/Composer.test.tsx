import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { CommandError } from "../../platform";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { Composer } from "./Composer";

const answer = {
  id: "o1",
  kind: "opinion",
  text: "",
  author: "Trần Thị B",
  written_at: 0,
  received_at: null,
  place: null,
  settles: null,
  reopens: null,
};
const field = () => screen.getByRole("textbox");

it("sends the opinion with Ctrl+Enter and empties the field", async () => {
  const host = fakeHost({ opinion_add: () => answer });
  show(<Composer document="doc-1" mayDirect={false} writing={false} onWriting={() => undefined} />);
  await userEvent.type(field(), "Đồng ý với dự thảo.");
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  await waitFor(() => expect(field()).toHaveValue(""));
  expect(host.calls("opinion_add")).toEqual([
    { document: "doc-1", kind: "opinion", text: "Đồng ý với dự thảo." },
  ]);
  expect(await screen.findByText("Ý kiến đã lưu trên máy")).toBeVisible();
});

it("a leader gives a direction unless an opinion is chosen", async () => {
  const host = fakeHost({ opinion_add: () => answer });
  show(<Composer document="doc-1" mayDirect={true} writing={false} onWriting={() => undefined} />);
  await userEvent.type(field(), "Giao Phòng Kinh tế.");
  await userEvent.click(screen.getByRole("button", { name: /Gửi ý kiến/ }));
  expect(host.calls("opinion_add")).toEqual([
    { document: "doc-1", kind: "direction", text: "Giao Phòng Kinh tế." },
  ]);
});

it("what could not be saved stays in the field", async () => {
  fakeHost({
    opinion_add: () => {
      throw new CommandError("DISK_FULL");
    },
  });
  show(<Composer document="doc-1" mayDirect={false} writing={false} onWriting={() => undefined} />);
  await userEvent.type(field(), "Không được mất");
  await userEvent.click(screen.getByRole("button", { name: /Gửi ý kiến/ }));
  expect(await screen.findByRole("alert")).toHaveAttribute("data-code", "DISK_FULL");
  expect(field()).toHaveValue("Không được mất");
});

it("a draft is remembered when the field is left", async () => {
  const host = fakeHost({});
  show(<Composer document="doc-1" mayDirect={false} writing={false} onWriting={() => undefined} />);
  await userEvent.type(field(), "Bản nháp");
  await userEvent.tab();
  expect(host.settings["draft.doc-1"]).toBe("Bản nháp");
  expect(screen.getByText("Bản nháp được giữ")).toBeVisible();
});

/** Where the field can be asked for, and goes and comes. */
function Desk() {
  const [writing, setWriting] = useState(false);
  const [open, setOpen] = useState(true);
  return (
    <>
      <button type="button" onClick={() => setWriting(true)}>
        write
      </button>
      <button type="button" onClick={() => setOpen(!open)}>
        turn
      </button>
      {open && (
        <Composer
          document="doc-1"
          mayDirect={false}
          writing={writing}
          onWriting={() => setWriting(false)}
        />
      )}
    </>
  );
}

it("takes the focus when it is asked to, and not again when it comes back", async () => {
  fakeHost({});
  show(<Desk />);
  await userEvent.click(screen.getByText("write"));
  expect(field()).toHaveFocus();
  await userEvent.click(screen.getByText("turn"));
  await userEvent.click(screen.getByText("turn"));
  expect(field()).not.toHaveFocus();
});

it("a draft that the host did not take is not called kept", async () => {
  fakeHost({
    setting_set: () => {
      throw new CommandError("DISK_FULL");
    },
  });
  show(<Composer document="doc-2" mayDirect={false} writing={false} onWriting={() => undefined} />);
  await userEvent.type(field(), "Bản nháp");
  await userEvent.tab();
  expect(screen.queryByText("Bản nháp được giữ")).not.toBeInTheDocument();
});
