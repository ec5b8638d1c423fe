import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepKeysOfInputMethods, keepSyllablesInTheirFields } from "./inputMethod";
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

/** Two fields, a syllable composed in the first and taken out of it, as WebKitGTK does on a press. */
function pressedWhileComposing() {
  render(
    <>
      <textarea aria-label="subject" />
      <input aria-label="symbol" />
    </>,
  );
  const [subject, symbol] = [screen.getByLabelText("subject"), screen.getByLabelText("symbol")];
  subject.focus();
  fireEvent.compositionStart(subject);
  fireEvent.compositionEnd(subject, { data: "" });
  return { subject, symbol };
}

it("a syllable that is given back after the press stands in the field that it was typed into", () => {
  const end = keepSyllablesInTheirFields(window);
  const { subject, symbol } = pressedWhileComposing();
  expect(fireEvent.mouseDown(symbol)).toBe(false);
  expect(subject).toHaveFocus();
  fireEvent.input(subject, { data: "nghèo", inputType: "insertFromComposition" });
  expect(symbol).toHaveFocus();
  end();
});

it("a press is left alone once the syllable is given back, and waits no longer than a moment", () => {
  vi.useFakeTimers();
  const end = keepSyllablesInTheirFields(window);
  const { subject, symbol } = pressedWhileComposing();
  fireEvent.input(subject, { data: "nghèo", inputType: "insertFromComposition" });
  expect(fireEvent.mouseDown(symbol)).toBe(true);
  fireEvent.compositionEnd(subject, { data: "" });
  subject.focus();
  expect(fireEvent.mouseDown(symbol)).toBe(false);
  expect(subject).toHaveFocus();
  vi.runAllTimers();
  expect(symbol).toHaveFocus();
  end();
  vi.useRealTimers();
});
