import { Fragment } from "react";
import type { FileHit } from "../../generated/types";
import { cx } from "../../shared/cx";
import css from "./HitLayer.module.css";

interface HitLayerProps {
  /** The hits of this page with their places among all. */
  hits: ReadonlyArray<{ hit: FileHit; at: number }>;
  current: number | undefined;
}

const percent = (fraction: number) => `${fraction * 100}%`;

/** Lights the words that were looked for. What it says to the eye, the count says in words. */
export function HitLayer({ hits, current }: HitLayerProps) {
  return hits.map(({ hit, at }) => (
    <Fragment key={at}>
      {hit.boxes.map((box) => (
        <span
          key={`${box.x} ${box.y}`}
          aria-hidden="true"
          className={cx(css.hit, at === current && css.current)}
          style={{
            left: percent(box.x),
            top: percent(box.y),
            width: percent(box.w),
            height: percent(box.h),
          }}
          data-testid={at === current ? "find-current" : "find-hit"}
        />
      ))}
    </Fragment>
  ));
}
