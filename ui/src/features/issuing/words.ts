import type { TFunction } from "i18next";
import type { HandlingDto } from "../../generated/types";
import { isCopy } from "../handling/acts";

/** The statuses of the national axis that a recipient's system tells, and what the sender asks. */
const STATUSES = ["01", "02", "03", "04", "05", "06", "13", "15", "16"] as const;

/** A status in the office's words; one of a newer axis as it is written. */
export function statusWord(code: string, t: TFunction): string {
  const known = STATUSES.find((one) => one === code);
  return known === undefined ? code : t(`issuing.status.${known}`);
}

/** How pressing a recipient's latest status is: what was refused asks for something to be done. */
export function deliveryTone(code: string | undefined) {
  if (code === "02" || code === "16") return "danger";
  if (code === "13") return "warn";
  return code === "06" ? "ok" : "neutral";
}

/** Where a document stands that its leader has signed: the catalogue's key of the next step. */
export function signedStep(handling: HandlingDto) {
  const out = handling.outgoing;
  if (out === undefined) return null;
  if (out.numbered === null) {
    return isCopy(handling) ? ("copies.at.number" as const) : ("issuing.at.number" as const);
  }
  if (out.numbered.notation === null) return "issuing.at.numberWaits" as const;
  return out.sealed === null ? ("issuing.at.seal" as const) : ("issuing.at.issue" as const);
}
