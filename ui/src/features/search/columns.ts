import type { SearchColumn } from "../../generated/types";

/** What results can show, in the order in which they show it. */
export const COLUMNS = [
  "notation",
  "issued",
  "issuer",
  "subject",
  "kind",
  "signer",
  "arrival",
  "arrived",
  "due",
  "state",
  "urgency",
  "direction",
] as const satisfies readonly SearchColumn[];

const AT_START: readonly SearchColumn[] = ["notation", "issued", "issuer", "subject", "state"];

/** Their part of the width. */
export const WIDTHS: Record<SearchColumn, string> = {
  notation: "minmax(104px, 1fr)",
  issued: "88px",
  issuer: "minmax(110px, 1.3fr)",
  subject: "minmax(190px, 3.4fr)",
  kind: "minmax(84px, 0.8fr)",
  signer: "minmax(100px, 1fr)",
  arrival: "64px",
  arrived: "88px",
  due: "88px",
  state: "minmax(96px, 0.9fr)",
  urgency: "minmax(84px, 0.6fr)",
  direction: "58px",
};

/** The columns that are remembered; those at the start where nothing is, or nothing known. */
export function columnsOf(remembered: string | undefined): SearchColumn[] {
  const wanted = remembered?.split(",") ?? [];
  const known = COLUMNS.filter((column) => wanted.includes(column));
  return known.length > 0 ? known : [...AT_START];
}
