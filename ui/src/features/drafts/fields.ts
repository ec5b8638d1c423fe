import type { DocumentRow, DraftFieldsDto, DraftFileDto } from "../../generated/types";
import { kindWord } from "../intake/kinds";

/** What is filled in of a draft: as it was typed, so that it can be kept half done. */
export interface DraftValue {
  file: DraftFileDto | null;
  /** Name or abbreviation of the kind. */
  kind: string;
  symbol: string;
  subject: string;
  urgency: string;
  /** What a new version changes. */
  text: string;
}

export const NO_DRAFT: DraftValue = {
  file: null,
  kind: "",
  symbol: "",
  subject: "",
  urgency: "normal",
  text: "",
};

/** What stands on a draft now. */
export function presentOf(row: DocumentRow, symbol: string): DraftValue {
  const { kind, subject, urgency } = row;
  return { ...NO_DRAFT, kind, symbol, subject, urgency };
}

/** What was filled in, as the core takes it; what is missing or wrong the core says. */
export function fieldsOf(value: DraftValue): DraftFieldsDto {
  return {
    kind: kindWord(value.kind),
    symbol: value.symbol.trim(),
    subject: value.subject.trim(),
    urgency: value.urgency,
  };
}

/** The same, or none where it is what stands on the draft already. */
export function changedFields(value: DraftValue, present: DraftValue): DraftFieldsDto | null {
  const [now, before] = [fieldsOf(value), fieldsOf(present)];
  const same = (Object.keys(now) as Array<keyof DraftFieldsDto>).every(
    (key) => now[key] === before[key],
  );
  return same ? null : now;
}
