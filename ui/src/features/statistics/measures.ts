import type {
  FiguresDto,
  StatisticsBy,
  StatisticsGroup,
  StatisticsMeasure,
} from "../../generated/types";

/** How far incoming documents have come: each is one of these. */
export const HANDLING = ["done_in_time", "done_late", "open", "overdue"] as const;
export type Handling = (typeof HANDLING)[number];

export const DIMENSIONS = [
  "unit",
  "person",
  "month",
  "activity",
  "kind",
  "sender",
  "level",
] as const satisfies readonly StatisticsBy[];

/** What goes out says neither its unit nor a field, and is sent by nobody else. */
export function hasOutgoing(by: StatisticsBy): boolean {
  return by === "person" || by === "month" || by === "kind";
}

export function isRanked(by: StatisticsBy): boolean {
  return by === "unit" || by === "person";
}

/** The columns of the table of groups, each with its figure. */
export function columnsOf(by: StatisticsBy): readonly StatisticsMeasure[] {
  const incoming = ["incoming", ...HANDLING, "carried"] as const;
  return hasOutgoing(by)
    ? [...incoming, "outgoing", "signed", "sealed", "electronic"]
    : [...incoming, "by_axis"];
}

/** Documents whose deadline was kept or has passed. */
export function decided(figures: FiguresDto): number {
  return figures.done_in_time + figures.done_late + figures.overdue;
}

/** A document behind the figure: of all, or of a group. */
export interface Drilled {
  measure: StatisticsMeasure;
  group: StatisticsGroup | null;
}
