/** A page as it lies in the scrolled column, in CSS pixels. */
export interface Laid {
  page: number;
  top: number;
  height: number;
}

/** A page is read in bands, so that its foot counts as much as its head, at any zoom. */
const BANDS = 4;
/** How long a band must have been on the screen. */
const DWELL_MS = 500;

/** Follows which pages have been on the screen as a whole, each part long enough to be read. */
export class Seen {
  private readonly bands = new Map<number, number[]>();
  private readonly told = new Set<number>();

  /** What was on the screen for the last `ms`. Answers the pages that are now read. */
  look(pages: readonly Laid[], view: { top: number; height: number }, ms: number): number[] {
    const fresh: number[] = [];
    for (const { page, top, height } of pages) {
      const bands = this.bands.get(page) ?? new Array<number>(BANDS).fill(0);
      this.bands.set(page, bands);
      for (let i = 0; i < BANDS; i++) {
        const middle = top + (height * (i + 0.5)) / BANDS;
        const inView = middle >= view.top && middle <= view.top + view.height;
        if (inView) bands[i] = (bands[i] ?? 0) + ms;
      }
      if (bands.every((time) => time >= DWELL_MS) && !this.told.has(page)) {
        this.told.add(page);
        fresh.push(page);
      }
    }
    return fresh;
  }
}
