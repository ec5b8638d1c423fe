import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect, useRef, useState } from "react";
import { expect, it } from "vitest";
import { useFocusBack } from "./useFocusBack";

function Form({ onClose }: { onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return <input ref={field} onKeyDown={(event) => event.key === "Escape" && onClose()} />;
}

/** Opened by a button that may be gone when it closes. */
function Desk({ stays }: { stays: boolean }) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLButtonElement>(null);
  useFocusBack(open, () => list.current?.focus());
  return (
    <>
      <button ref={list} type="button">
        list
      </button>
      {(stays || !open) && (
        <button key={String(stays || open)} type="button" onClick={() => setOpen(true)}>
          open
        </button>
      )}
      {open && <Form onClose={() => setOpen(false)} />}
    </>
  );
}

it("when a form closes the focus is where it was before", async () => {
  render(<Desk stays />);
  await userEvent.click(screen.getByText("open"));
  expect(screen.getByRole("textbox")).toHaveFocus();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByText("open")).toHaveFocus());
});

it("where that is gone, the focus goes to the list", async () => {
  render(<Desk stays={false} />);
  await userEvent.click(screen.getByText("open"));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByText("list")).toHaveFocus());
});
