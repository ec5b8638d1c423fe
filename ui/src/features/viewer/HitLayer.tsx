import { Fragment } from "react";
import type { FileHit } from "../../generated/types";
import { cx } from "../../shared/cx";
import css from "./HitLayer.module.css";
import type { Lit } from "./lit";

interface HitLayerProps {
  /** The hits of this page with their places among all. */
  hits: ReadonlyArray<{ hit: FileHit; at: number }>;
  current: number | undefined;
  /** What the places are; words that were looked for, where nothing is said. */
  tone?: Lit["tone"] | undefined;
}

const percent = (fraction: number) => `${fraction * 100}%`;

/** Lights the words that were looked for, or places that something beside the pages points at. What it
 * says to the eye, the count or the list says in words. */
export function HitLayer({ hits, current, tone }: HitLayerProps) {
  const name = tone === undefined ? "find" : `lit-${tone}`;
  return hits.map(({ hit, at }) => (
    <Fragment key={at}>
      {hit.boxes.map((box) => (
        <span
          key={`${box.x} ${box.y}`}
          aria-hidden="true"
          className={cx(css.hit, tone !== undefined && css[tone], at === current && css.current)}
          style={{
            left: percent(box.x),
            top: percent(box.y),
            width: percent(box.w),
            height: percent(box.h),
          }}
          data-testid={at === current ? `${name}-current` : `${name}-hit`}
        />
      ))}
    </Fragment>
  ));
}
