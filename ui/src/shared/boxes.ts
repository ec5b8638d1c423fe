import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { isKey } from "../keymap";

/** How a box is to be moved and sized: to the right and down, wider and taller. */
export interface BoxChange {
  dx: number;
  dy: number;
  dw: number;
  dh: number;
}

/** The change that a key asks for, in millimetres: one, or ten with Shift; none for other keys. */
export function changeOf({ nativeEvent }: KeyboardEvent): BoxChange | null {
  const { key, ctrlKey, metaKey, altKey, isComposing, shiftKey } = nativeEvent;
  const bare = { key, ctrlKey, metaKey, altKey, isComposing, shiftKey: false };
  const step = shiftKey ? 10 : 1;
  if (isKey(bare, "placement.right")) return { dx: step, dy: 0, dw: 0, dh: 0 };
  if (isKey(bare, "placement.left")) return { dx: -step, dy: 0, dw: 0, dh: 0 };
  if (isKey(bare, "placement.down")) return { dx: 0, dy: step, dw: 0, dh: 0 };
  if (isKey(bare, "placement.up")) return { dx: 0, dy: -step, dw: 0, dh: 0 };
  if (isKey(bare, "placement.wider")) return { dx: 0, dy: 0, dw: step, dh: 0 };
  if (isKey(bare, "placement.narrower")) return { dx: 0, dy: 0, dw: -step, dh: 0 };
  if (isKey(bare, "placement.taller")) return { dx: 0, dy: 0, dw: 0, dh: step };
  if (isKey(bare, "placement.lower")) return { dx: 0, dy: 0, dw: 0, dh: -step };
  return null;
}

/** Pointer handlers of a box that is dragged, or sized by what has `data-resize` in it. The change
 * counts from where the box was when it was taken hold of. */
export function useBoxDrag<T>(value: T, change: (from: T, by: BoxChange) => void) {
  const start = useRef<{ x: number; y: number; from: T; resize: boolean } | null>(null);
  const drop = () => {
    start.current = null;
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const resize = (event.target as HTMLElement).dataset.resize !== undefined;
      start.current = { x: event.clientX, y: event.clientY, from: value, resize };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (start.current === null) return;
      const { x, y, from, resize } = start.current;
      const [right, down] = [event.clientX - x, event.clientY - y];
      change(
        from,
        resize ? { dx: 0, dy: 0, dw: right, dh: down } : { dx: right, dy: down, dw: 0, dh: 0 },
      );
    },
    onPointerUp: drop,
    onPointerCancel: drop,
  };
}
