import { fireEvent, render } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useShortcut } from "./useShortcut";

function Desk({ onAct, onNext }: { onAct: () => void; onNext: () => void }) {
  useShortcut("act.take_up", onAct);
  useShortcut("list.next", onNext);
  return null;
}

it("a key that is held down goes on through a list, and does an act once", () => {
  const onAct = vi.fn();
  const onNext = vi.fn();
  render(<Desk onAct={onAct} onNext={onNext} />);
  for (const key of ["n", "j"]) {
    fireEvent.keyDown(window, { key });
    fireEvent.keyDown(window, { key, repeat: true });
  }
  expect(onAct).toHaveBeenCalledOnce();
  expect(onNext).toHaveBeenCalledTimes(2);
});

it("an open dialog keeps its keys, a closing one does not swallow the next", () => {
  const onAct = vi.fn();
  const onNext = vi.fn();
  const desk = (closed: boolean) => (
    <>
      <Desk onAct={onAct} onNext={onNext} />
      <div role="dialog" {...(closed && { "data-closed": "" })}>
        <button type="button">Đóng</button>
      </div>
    </>
  );
  const view = render(desk(false));
  fireEvent.keyDown(view.getByRole("button"), { key: "n" });
  expect(onAct).not.toHaveBeenCalled();
  view.rerender(desk(true));
  fireEvent.keyDown(view.getByRole("button"), { key: "n" });
  expect(onAct).toHaveBeenCalledOnce();
});
