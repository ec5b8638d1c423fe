import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepKeysOfInputMethods } from "./inputMethod";
import { useShortcut } from "./useShortcut";

let stop: () => void;
beforeEach(() => {
  stop = keepKeysOfInputMethods(window);
});
afterEach(() => stop());

function Form({ onEnter, onPalette }: { onEnter: () => void; onPalette: () => void }) {
  useShortcut("palette", onPalette);
  return <input onKeyDown={(event) => event.key === "Enter" && onEnter()} />;
}

it("a key that an input method has taken reaches neither a field nor a shortcut", () => {
  const onEnter = vi.fn();
  const onPalette = vi.fn();
  render(<Form onEnter={onEnter} onPalette={onPalette} />);
  const field = screen.getByRole("textbox");
  for (const taken of [{ isComposing: true }, { keyCode: 229 }]) {
    fireEvent.keyDown(field, { key: "Enter", ...taken });
    fireEvent.keyDown(field, { key: "k", ctrlKey: true, ...taken });
  }
  expect(onEnter).not.toHaveBeenCalled();
  expect(onPalette).not.toHaveBeenCalled();
});

it("the key itself, which follows when the input method does not want it, does its work", () => {
  const onEnter = vi.fn();
  const onPalette = vi.fn();
  render(<Form onEnter={onEnter} onPalette={onPalette} />);
  const field = screen.getByRole("textbox");
  fireEvent.keyDown(field, { key: "Unidentified", keyCode: 229 });
  fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
  fireEvent.keyDown(field, { key: "k", ctrlKey: true, keyCode: 75 });
  expect(onEnter).toHaveBeenCalledOnce();
  expect(onPalette).toHaveBeenCalledOnce();
});
