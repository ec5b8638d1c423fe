import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import css from "./Resizer.module.css";

interface ResizerProps {
  label: string;
  width: number;
  min: number;
  max: number;
  /** `1` when dragging to the right widens the pane, `-1` when it narrows it. */
  direction: 1 | -1;
  onResize: (width: number) => void;
  onDone: (width: number) => void;
}

/** The line between two panes: drag it, or focus it and use the arrow keys. */
export function Resizer({ label, width, min, max, direction, onResize, onDone }: ResizerProps) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const clamp = (value: number) => Math.round(Math.min(max, Math.max(min, value)));
  const at = (event: PointerEvent) =>
    start.current === null
      ? width
      : clamp(start.current.width + (event.clientX - start.current.x) * direction);

  const onKey = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 16 : event.key === "ArrowLeft" ? -16 : 0;
    if (step === 0) return;
    event.preventDefault();
    onDone(clamp(width + step * direction));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a focusable separator is a window splitter.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      className={css.resizer}
      onKeyDown={onKey}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (start.current !== null) onResize(at(event));
      }}
      onPointerUp={(event) => {
        if (start.current !== null) onDone(at(event));
        start.current = null;
      }}
      onPointerCancel={() => {
        start.current = null;
      }}
    />
  );
}
