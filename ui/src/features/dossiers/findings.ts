import type { DossierFindingDto } from "../../generated/types";

const FINDINGS = [
  "empty",
  "duplicate",
  "draft",
  "not_registered",
  "fields_missing",
  "not_seen",
] as const;
export type FindingWord = (typeof FINDINGS)[number];

/** What was found, as the catalogue names it. */
export function findingWord(finding: DossierFindingDto): FindingWord {
  return FINDINGS.find((word) => word === finding.kind) ?? "fields_missing";
}
