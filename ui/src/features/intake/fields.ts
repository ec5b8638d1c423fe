import type { FieldReading, LetterDetail, LetterFields, ReadPlace } from "../../generated/types";

/** The fields in the order of the form, which is the order of blind typing. */
export const FIELDS = [
  "issuer",
  "notation",
  "issued_on",
  "kind",
  "urgency",
  "subject",
  "activity",
  "signer_name",
  "signer_position",
  "due",
] as const satisfies ReadonlyArray<keyof LetterFields>;
export type FieldName = (typeof FIELDS)[number];

/** A reading below this is looked at by the clerk before the letter is accepted. */
const SURE = 0.8;
/** A paper has these nearly always: where one is empty, somebody looks. */
const EXPECTED: ReadonlySet<FieldName> = new Set([
  "issuer",
  "notation",
  "issued_on",
  "kind",
  "subject",
]);

/** What is known of how a field was read; nothing once a person wrote it. */
export function readingOf(detail: LetterDetail, field: FieldName): FieldReading | undefined {
  return detail.readings.find((reading) => reading.field === field);
}

/** How sure a field is, 0..1. What a person wrote has no reading and is sure. */
export function confidenceOf(detail: LetterDetail, field: FieldName): number {
  const reading = readingOf(detail, field);
  if (reading !== undefined) return reading.confidence;
  return detail.fields[field] === "" && EXPECTED.has(field) ? 0 : 1;
}

function isDoubtful(detail: LetterDetail, field: FieldName): boolean {
  return confidenceOf(detail, field) < SURE;
}

/** The fields that somebody must look at, the least sure first. */
export function doubtfulFields(detail: LetterDetail): FieldName[] {
  return FIELDS.filter((field) => isDoubtful(detail, field)).sort(
    (a, b) => confidenceOf(detail, a) - confidenceOf(detail, b),
  );
}

/** Where Enter goes: the next doubtful field that nobody has looked at, else the letter is
 * accepted (`null`). `seen` holds the fields that had the focus, the one of now among them. */
export function nextDoubtful(
  doubtful: readonly FieldName[],
  seen: ReadonlySet<FieldName>,
): FieldName | null {
  return doubtful.find((field) => !seen.has(field)) ?? null;
}

/** Where on the pages a field was read. */
export function placesOf(detail: LetterDetail, field: FieldName | null): readonly ReadPlace[] {
  if (field === null) return [];
  return readingOf(detail, field)?.places ?? [];
}
