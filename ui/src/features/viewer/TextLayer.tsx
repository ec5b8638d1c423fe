import { memo, useMemo } from "react";
import type { TextRun } from "../../generated/types";
import css from "./TextLayer.module.css";

interface TextLayerProps {
  page: number;
  runs: readonly TextRun[];
  /** CSS pixels of the page. */
  width: number;
  height: number;
}

const FAMILY = "serif";
/** Widths are measured at this size and scaled. */
const MEASURED_AT = 100;

let context: CanvasRenderingContext2D | null | undefined;

function widthOf(text: string): number {
  context ??= document.createElement("canvas").getContext("2d");
  if (context === null) return 0;
  context.font = `${MEASURED_AT}px ${FAMILY}`;
  return context.measureText(text).width;
}

/** What stands between a run and the next in a copied text: runs are words without spaces. */
function separator(run: TextRun): string {
  if (run.line_end) return "\n";
  return /\s$/.test(run.text) ? "" : " ";
}

/** The words of the page where they stand, invisible: for selecting, copying, finding, and for
 * screen readers. */
export const TextLayer = memo(function TextLayer({ page, runs, width, height }: TextLayerProps) {
  const measured = useMemo(() => runs.map((run) => widthOf(run.text)), [runs]);
  return (
    <div className={css.layer} data-page={page} data-testid={`page-text-${page}`}>
      {runs.map((run, i) => {
        const size = run.h * height;
        const natural = ((measured[i] ?? 0) * size) / MEASURED_AT;
        const stretch = natural > 0 ? (run.w * width) / natural : 1;
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the runs of a page never change.
            key={i}
            className={css.run}
            style={{
              left: run.x * width,
              top: run.y * height,
              fontSize: size,
              lineHeight: `${size}px`,
              transform: `scaleX(${stretch})`,
            }}
          >
            {run.text}
            {separator(run)}
          </span>
        );
      })}
    </div>
  );
});
