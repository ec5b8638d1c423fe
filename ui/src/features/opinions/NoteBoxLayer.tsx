import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { HitBox, PageSize } from "../../generated/types";
import { isKey } from "../../keymap";
import { type BoxChange, changeOf, useBoxDrag } from "../../shared/boxes";
import { cx } from "../../shared/cx";
import css from "./NoteBoxLayer.module.css";
import { boxAbout, boxBetween, isClick, keptOn, type NoteBoxControl } from "./noteBox";

interface NoteBoxLayerProps {
  page: number;
  size: PageSize;
  pxPerMm: number;
  control: NoteBoxControl;
}

/** The box of a note on its page: drawn by dragging over the page, moved and sized by pointer or by
 * the arrows. */
export function NoteBoxLayer({ page, size, pxPerMm, control }: NoteBoxLayerProps) {
  const layer = useRef<HTMLDivElement>(null);
  const start = useRef<{ x: number; y: number } | null>(null);

  const point = ({ clientX, clientY }: PointerEvent) => {
    const frame = layer.current?.getBoundingClientRect();
    const part = (at: number, from: number, length: number) =>
      Math.max(0, Math.min((at - from) / length, 1));
    return frame === undefined
      ? { x: 0, y: 0 }
      : {
          x: part(clientX, frame.left, frame.width),
          y: part(clientY, frame.top, frame.height),
        };
  };
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.target !== layer.current || event.button !== 0) return;
    start.current = point(event);
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const draw = (event: PointerEvent) => {
    if (start.current === null) return;
    const box = boxBetween(start.current, point(event));
    if (!isClick(box)) control.put(page, box);
  };
  const end = (event: PointerEvent) => {
    if (start.current === null) return;
    const box = boxBetween(start.current, point(event));
    control.put(page, isClick(box) ? boxAbout(start.current) : box);
    start.current = null;
    control.write();
  };
  return (
    <div
      ref={layer}
      className={css.layer}
      onPointerDown={begin}
      onPointerMove={draw}
      onPointerUp={end}
      onPointerCancel={() => {
        start.current = null;
      }}
      data-testid={`note-page-${page}`}
    >
      {control.page === page && !control.isWhole && (
        <NoteBox size={size} pxPerMm={pxPerMm} control={control} />
      )}
    </div>
  );
}

const percent = (part: number) => `${part * 100}%`;

function NoteBox({ size, pxPerMm, control }: Omit<NoteBoxLayerProps, "page">) {
  const { t } = useTranslation();
  const box = useRef<HTMLButtonElement>(null);
  const { page, at, put } = control;
  useEffect(() => box.current?.focus({ preventScroll: true }), []);

  const changed = (from: HitBox, { dx, dy, dw, dh }: BoxChange, mm: number) => {
    const [across, down] = [mm / size.width_mm, mm / size.height_mm];
    const moved = { x: from.x + dx * across, y: from.y + dy * down };
    put(page, keptOn({ ...moved, w: from.w + dw * across, h: from.h + dh * down }));
  };
  const drag = useBoxDrag(at, (from, by) => changed(from, by, 1 / pxPerMm));
  const onKey = (event: KeyboardEvent) => {
    const by = changeOf(event);
    if (by !== null) changed(at, by, 1);
    else if (isKey(event.nativeEvent, "note.write")) control.write();
    else if (isKey(event.nativeEvent, "back")) control.stop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      ref={box}
      type="button"
      className={css.box}
      style={{
        left: percent(at.x),
        top: percent(at.y),
        width: percent(at.w),
        height: percent(at.h),
      }}
      aria-label={t("notes.box", { number: page + 1 })}
      data-testid="note-box"
      {...drag}
      onKeyDown={onKey}
    >
      <span className={css.corner} data-resize="" title={t("sign.boxResize")} />
      <span className={cx(css.keys, at.y + at.h > 0.85 && css.above)}>{t("notes.boxKeys")}</span>
    </button>
  );
}
