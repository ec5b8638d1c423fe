import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Placement } from "../../generated/types";
import { type BoxChange, changeOf, useBoxDrag } from "../../shared/boxes";
import { cx } from "../../shared/cx";
import { formatMm } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import css from "./PlacementLayer.module.css";
import type { PlacementControl } from "./usePlacement";

interface PlacementLayerProps {
  page: number;
  pxPerMm: number;
  control: PlacementControl;
}

/** The signature's box on its page: click the page to put it, drag or use the arrows to move it. */
export function PlacementLayer({ page, pxPerMm, control }: PlacementLayerProps) {
  const layer = useRef<HTMLDivElement>(null);
  const { value, set } = control;

  const put = (event: PointerEvent) => {
    if (event.target !== layer.current || event.button !== 0 || value === null) return;
    const frame = layer.current.getBoundingClientRect();
    const box = value;
    set({
      page,
      w_mm: box.w_mm,
      h_mm: box.h_mm,
      x_mm: (event.clientX - frame.left) / pxPerMm - box.w_mm / 2,
      y_mm: (event.clientY - frame.top) / pxPerMm - box.h_mm / 2,
    });
  };
  return (
    <div
      ref={layer}
      className={css.layer}
      onPointerDown={put}
      data-testid={`placement-page-${page}`}
    >
      {value !== null && value.page === page && (
        <PlacementBox
          value={value}
          set={set}
          pxPerMm={pxPerMm}
          picture={control.picture}
          fixed={control.rule !== null && control.rule.most_w_mm === control.rule.least_w_mm}
        />
      )}
    </div>
  );
}

interface PlacementBoxProps {
  value: Placement;
  set: (placement: Placement) => void;
  pxPerMm: number;
  picture: string | undefined;
  /** It has its true size and no other. */
  fixed: boolean;
}

function PlacementBox({ value, set, pxPerMm, picture, fixed }: PlacementBoxProps) {
  const { t, i18n } = useTranslation();
  const changed = (from: Placement, { dx, dy, dw, dh }: BoxChange, mm: number) =>
    set({
      ...from,
      x_mm: from.x_mm + dx * mm,
      y_mm: from.y_mm + dy * mm,
      w_mm: from.w_mm + dw * mm,
      h_mm: from.h_mm + dh * mm,
    });
  const drag = useBoxDrag(value, (from, by) => changed(from, by, 1 / pxPerMm));
  const onKey = (event: KeyboardEvent) => {
    const by = changeOf(event);
    if (by === null) return;
    event.preventDefault();
    changed(value, by, 1);
  };

  const mm = (n: number) => formatMm(n, i18n.language);
  const facts = { x: mm(value.x_mm), y: mm(value.y_mm), w: mm(value.w_mm), h: mm(value.h_mm) };
  return (
    <button
      type="button"
      className={css.box}
      style={{
        left: value.x_mm * pxPerMm,
        top: value.y_mm * pxPerMm,
        width: value.w_mm * pxPerMm,
        height: value.h_mm * pxPerMm,
      }}
      aria-label={t("sign.box", { page: value.page + 1, ...facts })}
      data-testid="sign-placement"
      data-page={value.page}
      {...drag}
      onKeyDown={onKey}
    >
      {picture !== undefined && (
        <img src={picture} alt="" className={css.picture} draggable={false} />
      )}
      <span className={cx(css.title, picture !== undefined && css.aside)}>
        <Icon name="sign" />
        {t("sign.boxTitle")}
      </span>
      <span className={cx(css.size, picture !== undefined && css.aside)}>
        {t("sign.placementSize", facts)}
      </span>
      {!fixed && <span className={css.corner} data-resize="" title={t("sign.boxResize")} />}
    </button>
  );
}
