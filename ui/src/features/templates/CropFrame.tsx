import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isKey } from "../../keymap";
import { cx } from "../../shared/cx";
import css from "./CropFrame.module.css";
import { dragged, HANDLES, type Handle } from "./cropping";
import type { Area, Pixels } from "./image/pixels";
import { PixelCanvas } from "./PixelCanvas";

interface CropFrameProps {
  pixels: Pixels;
  area: Area;
  onArea: (area: Area) => void;
}

/** The photo with the frame that cuts it: drag the frame or its handles, or use the arrow keys. */
export function CropFrame({ pixels, area, onArea }: CropFrameProps) {
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const start = useRef<{ x: number; y: number; area: Area; handle: Handle } | null>(null);

  const grab = (handle: Handle) => (event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    start.current = { x: event.clientX, y: event.clientY, area, handle };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent) => {
    const from = start.current;
    if (from === null || stage.current === null) return;
    event.stopPropagation();
    const perPixel = pixels.width / stage.current.clientWidth;
    const dx = (event.clientX - from.x) * perPixel;
    const dy = (event.clientY - from.y) * perPixel;
    onArea(dragged(from.area, from.handle, dx, dy, pixels));
  };
  const drop = () => {
    start.current = null;
  };
  const onKey = (handle: Handle) => (event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, isComposing } = event.nativeEvent;
    const bare = { key, ctrlKey, metaKey, altKey, isComposing, shiftKey: false };
    const step = (pixels.width / 200) * (event.shiftKey ? 8 : 1);
    const dx = isKey(bare, "placement.right") ? step : isKey(bare, "placement.left") ? -step : 0;
    const dy = isKey(bare, "placement.down") ? step : isKey(bare, "placement.up") ? -step : 0;
    if (dx === 0 && dy === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onArea(dragged(area, handle, dx, dy, pixels));
  };
  const takes = (handle: Handle) => ({
    onPointerDown: grab(handle),
    onPointerMove: drag,
    onPointerUp: drop,
    onPointerCancel: drop,
    onKeyDown: onKey(handle),
  });

  const percent = (value: number, whole: number) => `${(value / whole) * 100}%`;
  return (
    <div ref={stage} className={css.stage} style={{ aspectRatio: pixels.width / pixels.height }}>
      <PixelCanvas pixels={pixels} label={t("templates.photo")} className={css.photo} />
      {/* biome-ignore lint/a11y/useSemanticElements: a frame over a picture is no field set. */}
      <div
        role="group"
        aria-label={t("templates.cropFrame")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the frame is moved with the arrow keys.
        tabIndex={0}
        className={css.frame}
        data-testid="crop-frame"
        style={{
          left: percent(area.x, pixels.width),
          top: percent(area.y, pixels.height),
          width: percent(area.width, pixels.width),
          height: percent(area.height, pixels.height),
        }}
        {...takes("all")}
      >
        {HANDLES.map((handle) => (
          <button
            key={handle}
            type="button"
            className={cx(css.handle, css[handle])}
            aria-label={t(`templates.handle.${handle}`)}
            {...takes(handle)}
          />
        ))}
      </div>
    </div>
  );
}
