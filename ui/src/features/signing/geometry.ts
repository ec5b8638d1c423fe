import type { PageSize, TextRun } from "../../generated/types";

/** A box on a page in millimetres from the page's top left. */
export interface Box {
  x_mm: number;
  y_mm: number;
  w_mm: number;
  h_mm: number;
}

/** The size a signature starts with, in millimetres. */
export const START_SIZE = { w_mm: 60, h_mm: 25 } as const;
/** The smallest size in which name and time can be read. */
const LEAST_SIZE = { w_mm: 30, h_mm: 12 } as const;
/** Clearance between the box and the signer's name below it. */
const ABOVE_NAME_MM = 2;
/** Decree 30/2020: the right margin is 15 to 20 mm. */
const RIGHT_MARGIN_MM = 20;

const round = (mm: number) => Math.round(mm * 10) / 10;

/** The same box, moved and shrunk as little as needed to lie on the page. */
export function keepInside(box: Box, page: PageSize): Box {
  const w = Math.min(Math.max(box.w_mm, LEAST_SIZE.w_mm), page.width_mm);
  const h = Math.min(Math.max(box.h_mm, LEAST_SIZE.h_mm), page.height_mm);
  return {
    x_mm: round(Math.min(Math.max(box.x_mm, 0), page.width_mm - w)),
    y_mm: round(Math.min(Math.max(box.y_mm, 0), page.height_mm - h)),
    w_mm: round(w),
    h_mm: round(h),
  };
}

/** Where a signature usually stands: low at the right, inside the margin. */
export function usualBox(page: PageSize, size: Pick<Box, "w_mm" | "h_mm">): Box {
  return keepInside(
    {
      x_mm: page.width_mm - RIGHT_MARGIN_MM - size.w_mm,
      y_mm: page.height_mm * 0.68,
      ...size,
    },
    page,
  );
}

/** A box just above the last line with that name; none where the name does not stand alone. */
export function boxAboveName(
  runs: readonly TextRun[],
  name: string,
  page: PageSize,
  size: Pick<Box, "w_mm" | "h_mm">,
): Box | null {
  const wanted = plain(name);
  if (wanted === "") return null;
  const line = lines(runs).findLast((candidate) => plain(candidate.text).endsWith(wanted));
  if (line === undefined) return null;
  const x_mm = nameMiddle(line, wanted) * page.width_mm - size.w_mm / 2;
  const bottom = line.y * page.height_mm - ABOVE_NAME_MM;
  const free = bottom - floorAbove(runs, line, page, x_mm, x_mm + size.w_mm) - ABOVE_NAME_MM;
  const h_mm = Math.max(LEAST_SIZE.h_mm, Math.min(size.h_mm, free));
  return keepInside({ x_mm, y_mm: bottom - h_mm, w_mm: size.w_mm, h_mm }, page);
}

/** Millimetres from the page's top to the lowest text above the name's line in that column. */
function floorAbove(
  runs: readonly TextRun[],
  line: Line,
  page: PageSize,
  left: number,
  right: number,
): number {
  const above = runs.filter(
    (run) =>
      run.text.trim() !== "" &&
      run.y + run.h / 2 < line.y &&
      run.x * page.width_mm < right &&
      (run.x + run.w) * page.width_mm > left,
  );
  return Math.max(0, ...above.map((run) => (run.y + run.h) * page.height_mm));
}

interface Line {
  text: string;
  runs: TextRun[];
  y: number;
}

function lines(runs: readonly TextRun[]): Line[] {
  const result: Line[] = [];
  let current: Line | null = null;
  for (const run of runs) {
    current ??= { text: "", runs: [], y: run.y };
    current.text += `${run.text} `;
    current.runs.push(run);
    current.y = Math.min(current.y, run.y);
    if (run.line_end) {
      result.push(current);
      current = null;
    }
  }
  if (current !== null) result.push(current);
  return result;
}

/** The middle of the runs at the line's end that spell the name, as a fraction of the width. */
function nameMiddle(line: Line, wanted: string): number {
  const name: TextRun[] = [];
  for (const run of line.runs.toReversed()) {
    name.unshift(run);
    if (plain(name.map((part) => part.text).join(" ")).length >= wanted.length) break;
  }
  const left = Math.min(...name.map((run) => run.x));
  const right = Math.max(...name.map((run) => run.x + run.w));
  return (left + right) / 2;
}

const plain = (text: string) =>
  text.normalize("NFC").toLocaleLowerCase("vi").replace(/\s+/g, " ").trim();
