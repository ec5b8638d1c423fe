/** A letter that may be the next to be read. */
export interface Target {
  /** The document. */
  document: string;
  /** The file that is shown of it; without it, its first. */
  file?: string | undefined;
}

/** How long the person has left a letter before others are looked at: who goes down a list with the
 * arrow key held asks for each. */
const STAY_MS = 200;
/** How long the pointer rests on a row before it means anything. */
const REST_MS = 60;
/** How long the screen waits for what is asked for first: less than anybody sees. */
const FIRST_MS = 20;

const isSame = (a: Target | null, b: Target | null) =>
  a?.document === b?.document && a?.file === b?.file;

/** Does the next letter's work before it is asked for: one letter at a time, only while the person
 * waits for nothing, and dropped when they ask for anything. Nothing of it counts as reading. */
export class Ahead {
  private near: readonly Target[] = [];
  private pointed: Target | null = null;
  private holds = 0;
  private isAllowed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private work: AbortController | null = null;
  private asked: AbortController | null = null;
  /** Until everything was asked for that page one needs of the letter that was gone to. */
  private asking: Promise<void> | null = null;

  /** `prepare` does what there is to do for one letter and tells when it has asked for all of it; it
   * ends early when its signal says so. */
  constructor(
    private readonly prepare: (
      target: Target,
      signal: AbortSignal,
      onAsked: () => void,
    ) => Promise<unknown>,
  ) {}

  /** The person asks for a letter: what its page one needs is asked for now, not when each part of
   * the screen comes to it. */
  go(target: Target): void {
    this.stop();
    this.asked?.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    const asking = new Promise<void>((onAsked) => {
      // What cannot be had is told where it is shown.
      void this.prepare(target, signal, onAsked)
        .catch(() => undefined)
        .finally(onAsked);
      setTimeout(onAsked, FIRST_MS);
    });
    this.asking = asking;
    void asking.then(() => {
      if (this.asking === asking) this.asking = null;
    });
  }

  /** Does something that keeps the screen busy once page one was asked for, so that it is drawn
   * meanwhile. */
  afterAsking(work: () => void): void {
    if (this.asking === null) work();
    else void this.asking.then(work);
  }

  /** The person went to a letter: these lie beside it, the likeliest first. */
  beside(near: readonly Target[]): void {
    this.near = near;
    this.restart(STAY_MS);
  }

  /** The pointer came to the row of a letter, or left it. */
  point(target: Target | null): void {
    if (isSame(this.pointed, target)) return;
    this.pointed = target;
    if (target !== null) this.restart(REST_MS);
  }

  /** The person waits for something: nothing is done until what this answers is called. */
  hold(): () => void {
    this.holds += 1;
    this.stop();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.holds -= 1;
      this.restart(STAY_MS);
    };
  }

  /** Whether anything may be done: never while a batch is signed. */
  allow(isAllowed: boolean): void {
    this.isAllowed = isAllowed;
    if (isAllowed) this.restart(STAY_MS);
    else this.stop();
  }

  /** Drops what is under way and what was to come. */
  stop(): void {
    clearTimeout(this.timer);
    this.work?.abort();
    this.work = null;
  }

  private restart(after: number): void {
    this.stop();
    this.timer = setTimeout(() => void this.run(), after);
  }

  private async run(): Promise<void> {
    if (this.holds > 0 || !this.isAllowed) return;
    const work = new AbortController();
    this.work = work;
    const pointed = this.pointed === null ? [] : [this.pointed];
    for (const target of [...pointed, ...this.near]) {
      await this.prepare(target, work.signal, () => undefined).catch(() => undefined);
      if (work.signal.aborted) return;
    }
  }
}
