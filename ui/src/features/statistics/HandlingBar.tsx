import type { FiguresDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { HANDLING, type Handling } from "./measures";
import css from "./Statistics.module.css";

interface HandlingBarProps {
  figures: FiguresDto;
  /** How many documents the whole width stands for. */
  whole: number;
  /** Writes the numbers on the parts that have room for them. */
  numbered?: boolean;
}

/** A part needs so much of the width to bear its number. */
const ROOM = 0.08;

/** Four parts told apart by their patterns. The table beside it says the same in words. */
export function HandlingBar({ figures, whole, numbered = false }: HandlingBarProps) {
  if (whole === 0) return null;
  return (
    <div className={cx(css.bar, numbered && css.large)} aria-hidden="true">
      {HANDLING.filter((part) => figures[part] > 0).map((part) => (
        <span
          key={part}
          className={cx(css.part, css[part])}
          style={{ width: `${(figures[part] / whole) * 100}%` }}
        >
          {numbered && figures[part] / whole >= ROOM && (
            <span className={css.onBar}>{figures[part]}</span>
          )}
        </span>
      ))}
    </div>
  );
}

/** A small piece of a part's pattern, beside its name. */
export function Swatch({ part }: { part: Handling }) {
  return <span className={cx(css.swatch, css[part])} aria-hidden="true" />;
}
