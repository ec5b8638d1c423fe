/** A page as it lies in the scrolled column, in CSS pixels. */
export interface Laid {
  page: number;
  top: number;
  height: number;
}

/** A page is read in bands, so that its foot counts as much as its head, at any zoom. */
const BANDS = 4;
/** How long a page must have been on the screen in all, each of its bands at least once. */
const DWELL_MS = 700;

/** Follows which pages have been on the screen as a whole, long enough to be read. */
export class Seen {
  private readonly shown = new Map<number, { bands: Set<number>; ms: number; told: boolean }>();

  /** What was on the screen for the last `ms`. Answers the pages that are now read. */
  look(pages: readonly Laid[], view: { top: number; height: number }, ms: number): number[] {
    const fresh: number[] = [];
    for (const { page, top, height } of pages) {
      const at = this.shown.get(page) ?? { bands: new Set<number>(), ms: 0, told: false };
      this.shown.set(page, at);
      let inView = false;
      for (let band = 0; band < BANDS; band++) {
        const middle = top + (height * (band + 0.5)) / BANDS;
        if (middle < view.top || middle > view.top + view.height) continue;
        at.bands.add(band);
        inView = true;
      }
      if (inView) at.ms += ms;
      if (at.told || at.bands.size < BANDS || at.ms < DWELL_MS) continue;
      at.told = true;
      fresh.push(page);
    }
    return fresh;
  }

  /** That page could not be counted: tell of it again. */
  forget(page: number): void {
    const at = this.shown.get(page);
    if (at !== undefined) at.told = false;
  }
}
