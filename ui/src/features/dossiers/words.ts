import type { TFunction } from "i18next";
import type { DossierDto } from "../../generated/types";
import { showDay } from "../intake/days";

const STATES = ["planned", "listed", "open", "closed", "handed_over", "archived"] as const;
export type DossierState = (typeof STATES)[number];

/** Where a dossier stands. */
export function stateOf(dossier: DossierDto): DossierState {
  return STATES.find((state) => state === dossier.state) ?? "open";
}

/** Thời hạn bảo quản, in words. */
export function retention(dossier: DossierDto, t: TFunction): string {
  const years = dossier.retention_years;
  return years === null ? t("dossier.permanent") : t("dossier.years", { count: years });
}

/** The days of a dossier: begun, ended. */
export function span(dossier: DossierDto): string {
  const days = [dossier.started_on, dossier.ended_on].filter((day) => day !== null);
  return days.map(showDay).join(" – ");
}

/** Dossiers under their headings, in the order of their first numbers. */
export interface Heading {
  large: string;
  small: string;
  dossiers: DossierDto[];
}

export function underHeadings(dossiers: readonly DossierDto[]): Heading[] {
  const headings: Heading[] = [];
  for (const dossier of dossiers) {
    const { large, small } = dossier;
    let heading = headings.find((one) => one.large === large && one.small === small);
    if (heading === undefined) {
      heading = { large, small, dossiers: [] };
      headings.push(heading);
    }
    heading.dossiers.push(dossier);
  }
  const first = (large: string) => headings.findIndex((one) => one.large === large);
  return headings.sort((a, b) => first(a.large) - first(b.large));
}

const ROMAN = [
  ["X", 10],
  ["IX", 9],
  ["V", 5],
  ["IV", 4],
  ["I", 1],
] as const;

/** A number as large headings bear it. */
export function roman(number: number): string {
  let [rest, text] = [number, ""];
  for (const [letters, value] of ROMAN) {
    while (rest >= value) {
      text += letters;
      rest -= value;
    }
  }
  return text;
}
