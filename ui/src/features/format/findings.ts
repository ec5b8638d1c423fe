import type { TFunction } from "i18next";
import type { FormatFinding, FormatReview, FormatValue } from "../../generated/types";
import type { FormatRule } from "./rules";

/** The same fault wherever it stands: one line of the list. */
export interface Fault {
  /** Tells it from the others of the same file. */
  id: string;
  /** From the first page to the last; never empty. */
  places: readonly FormatFinding[];
}

/** What stands there tells faults apart only where it is words: a margin that is measured twice is the
 * same margin. */
function wordsOf(value: FormatValue | null): string {
  return value?.unit === "text" ? value.text : "";
}

/** Folds what repeats over the pages into one fault each; those that weigh more come first. */
export function faultsOf({ findings }: FormatReview): Fault[] {
  const faults = new Map<string, FormatFinding[]>();
  for (const one of findings) {
    const { part, aspect, measured, wanted } = one;
    const id = [part, aspect, wordsOf(measured), JSON.stringify(wanted)].join("|");
    faults.set(id, [...(faults.get(id) ?? []), one]);
  }
  const all = [...faults].map(([id, places]) => ({ id, places }));
  return [...all.filter(isMust), ...all.filter((fault) => !isMust(fault))];
}

export function isMust({ places }: Fault): boolean {
  return places[0]?.severity === "must";
}

/** The pages that it stands on, from 0, each once. */
export function pagesOf({ places }: Fault): number[] {
  return [...new Set(places.map((place) => place.page))];
}

/** Pages from 0, as people write them, from 1: `1–4, 6`. */
export function pageRanges(pages: readonly number[]): string {
  const sorted = pages.toSorted((a, b) => a - b);
  const ranges: Array<[number, number]> = [];
  for (const page of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && page === last[1] + 1) last[1] = page;
    else ranges.push([page, page]);
  }
  return ranges
    .map(([from, to]) => (from === to ? `${from + 1}` : `${from + 1}–${to + 1}`))
    .join(", ");
}

/** Puts findings into words of one language. */
export class Words {
  constructor(
    private readonly t: TFunction,
    private readonly language: string,
  ) {}

  /** What is wrong: `Lề trái: đo được 26 mm`. */
  what(fault: Fault): string {
    const { part, what } = this.pieces(fault);
    return this.t("format.finding", { part, what });
  }

  /** What to do. */
  todo(fault: Fault): string {
    return this.pieces(fault).todo;
  }

  /** What goes into the reason when a draft is sent back. */
  line(fault: Fault): string {
    return this.t("format.line", {
      ...this.pieces(fault),
      clause: fault.places[0]?.clause ?? "",
      pages: this.pages(fault),
    });
  }

  pages(fault: Fault): string {
    return pageRanges(pagesOf(fault));
  }

  private pieces({ places }: Fault) {
    const [first] = places;
    if (first === undefined) return { part: "", what: "", todo: "" };
    const measured = this.span(places.flatMap((place) => place.measured ?? []));
    const wanted = this.wanted(first);
    // Rules are those of `FORMAT_RULES`, and each of them has its words.
    const part = this.t(`format.part.${first.part as FormatRule["part"]}`);
    const aspect = first.aspect as FormatRule["aspect"];
    const kind = aspect === "line" && measured === "" ? "no_line" : aspect;
    return {
      part,
      what: this.t(`format.what.${kind as "size"}`, { measured }),
      todo: this.t(`format.todo.${kind as "size"}`, { wanted }).trim(),
    };
  }

  /** One value, the least and the most of several, or words as they are. */
  private span(values: readonly FormatValue[]): string {
    const told = [...new Set(values.map((value) => this.value(value)))];
    if (told.length <= 1) return told[0] ?? "";
    const sorted = [...values].sort((a, b) => weight(a) - weight(b));
    const [least, most] = [sorted[0], sorted.at(-1)];
    if (least === undefined || most === undefined) return "";
    return this.t("format.to", { least: this.value(least), most: this.value(most) });
  }

  private wanted({ aspect, wanted }: FormatFinding): string {
    const told = wanted.map((value) => this.value(value));
    const [one = "", other] = told;
    if (other === undefined) return one;
    return aspect === "indent"
      ? this.t("format.or", { one, other })
      : this.t("format.to", { least: one, most: other });
  }

  private value(value: FormatValue): string {
    switch (value.unit) {
      case "mm":
        return `${this.number(value.value, 1)} mm`;
      case "pt":
        return `${this.number(value.value, 1)} pt`;
      case "times":
        return this.t("format.times", { number: this.number(value.value, 2) });
      case "paper":
        return `${this.number(value.width, 0)} × ${this.number(value.height, 0)} mm`;
      case "text":
        return `“${value.text}”`;
    }
  }

  private number(value: number, places: number): string {
    const locale = this.language === "en" ? "en-GB" : "vi-VN";
    return value.toLocaleString(locale, { maximumFractionDigits: places });
  }
}

function weight(value: FormatValue): number {
  switch (value.unit) {
    case "mm":
    case "pt":
    case "times":
      return value.value;
    case "paper":
      return value.width;
    case "text":
      return 0;
  }
}

/** Longest reason that the core takes, in characters. */
const REASON_MAX = 500;

/** The reason of a draft that is sent back for these faults, behind what was written already. What does
 * not fit is counted. */
export function reasonOf(
  faults: readonly Fault[],
  written: string,
  words: Words,
  more: (count: number) => string,
): string {
  const lines = written.trim() === "" ? [] : written.trim().split("\n");
  const fresh = faults.map((fault) => words.line(fault)).filter((line) => !lines.includes(line));
  for (const [at, line] of fresh.entries()) {
    const left = fresh.length - at;
    const room = left === 1 ? 0 : more(left - 1).length + 1;
    if ([...lines, line].join("\n").length + room > REASON_MAX) {
      return [...lines, more(left)].join("\n").slice(0, REASON_MAX);
    }
    lines.push(line);
  }
  return lines.join("\n");
}
