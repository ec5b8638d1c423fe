import type { TFunction } from "i18next";
import type { DocumentRow, FileDto } from "../../generated/types";

const STATES = [
  "received",
  "registered",
  "presented",
  "directed",
  "in_progress",
  "resolved",
  "draft",
  "content_review",
  "format_review",
  "awaiting_initials",
  "awaiting_signature",
  "signed",
  "issued",
  "filed",
] as const;
const URGENCIES = ["normal", "urgent", "very_urgent", "express", "express_timed"] as const;
const ROLES = ["lead", "support", "inform"] as const;
const FILE_ROLES = ["main", "appendix", "attachment"] as const;

type Urgency = (typeof URGENCIES)[number];

function within<V extends string>(values: readonly V[], value: string | null): V | undefined {
  return values.find((known) => known === value);
}

export function isUrgency(value: string): value is Urgency {
  return within(URGENCIES, value) !== undefined;
}

/** A state in the office's words; a state of a newer server as it is written. */
export function stateWord(state: string, t: TFunction): string {
  const known = within(STATES, state);
  return known === undefined ? state : t(`state.${known}`);
}

/** The state of a row: no leader signs a copy, and before the agency has, nobody has. */
export function rowState(row: DocumentRow, t: TFunction): string {
  return row.unsigned_copy ? t("copies.state") : stateWord(row.state, t);
}

export function roleWord(role: string | null, t: TFunction): string | null {
  const known = within(ROLES, role);
  return known === undefined ? role : t(`role.${known}`);
}

export function fileRoleWord(role: string, t: TFunction): string {
  const known = within(FILE_ROLES, role);
  return known === undefined ? role : t(`fileRole.${known}`);
}

/** Whether the pages of a file can be shown here. */
export function isReadable(file: FileDto | undefined): boolean {
  return file?.place === "here" && file.media_type === "application/pdf";
}
