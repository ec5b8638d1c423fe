import type { KeyboardEvent } from "react";

const STEPS: Record<string, readonly [down: number, right: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

/** Arrow keys go from number to number of a table, over those that open nothing. */
export function onCellKey(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = (event.target as HTMLElement).closest("td");
  const row = cell?.closest("tr");
  if (step === undefined || cell == null || row == null) return;
  event.preventDefault();
  const [down, right] = step;
  const rows = event.currentTarget.rows;
  let [y, x] = [row.rowIndex + down, cell.cellIndex + right];
  for (let at = rows[y]?.cells[x]; at !== undefined; at = rows[y]?.cells[x]) {
    const button = at.querySelector("button");
    if (button !== null) {
      button.focus();
      return;
    }
    [y, x] = [y + down, x + right];
  }
}
