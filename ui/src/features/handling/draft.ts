import type { HandlingActDto, OwnDeadlineDto } from "../../generated/types";
import type { ActFormKind, FormKind } from "./acts";
import { parsed, useKept } from "./kept";

/** What a person can be to a document. */
export type Part = "lead" | "support" | "inform";

/** What was filled in so far, for any act: each takes what it has a field for. */
export interface ActDraft {
  parts: Record<string, Part>;
  due: string;
  /** What was typed as a deadline of their own, by account. */
  own: Record<string, string>;
  text: string;
  /** Yes to what was asked, or answered by a document; none while nothing was chosen. */
  yes: boolean | null;
  reply: { id: string; title: string } | null;
}

const EMPTY_DRAFT: ActDraft = { parts: {}, due: "", own: {}, text: "", yes: true, reply: null };

/** What is chosen before anybody chose: nothing where yes cannot be taken back. */
function preset(kind: ActFormKind): boolean | null {
  if (kind === "answer_recall") return null;
  return kind !== "resolve";
}

/** Under which name the form of an act on a document keeps what is filled in. */
export function draftKeyOf(document: string, kind: FormKind): string {
  return `draft.act.${document}.${kind}`;
}

/** The words that were filled in and kept. */
export function keptText(kept: string | undefined): string {
  return parsed(kept, EMPTY_DRAFT)?.text ?? "";
}

/** What is filled into the form of an act, kept under that key. */
export function useActDraft(key: string | null, kind: ActFormKind) {
  return useKept<ActDraft>(key, { ...EMPTY_DRAFT, yes: preset(kind) });
}

/** The act that the fields make; `due` is a day or empty, `deadlines` are those of their own. What is
 * missing the core says. */
export function actOf(
  kind: ActFormKind,
  draft: ActDraft,
  due: string,
  deadlines: OwnDeadlineDto[],
): HandlingActDto {
  const those = (part: Part) =>
    Object.entries(draft.parts).flatMap(([account, each]) => (each === part ? [account] : []));
  const lead = those("lead")[0] ?? "";
  const text = draft.text.trim();
  switch (kind) {
    case "direct":
      return {
        act: kind,
        lead,
        supports: those("support"),
        informed: those("inform"),
        due,
        deadlines,
        text,
      };
    case "assign":
      return { act: kind, lead, supports: those("support"), due, deadlines, text };
    case "resolve":
      return { act: kind, reply: draft.yes ? (draft.reply?.id ?? null) : null, text };
    case "file":
      return { act: kind, dossier: text };
    case "submit":
      return { act: kind, to: lead, supports: those("support"), text };
    case "approve":
      return { act: kind, text };
    case "check_format":
      return { act: kind, signer: lead, initials: those("support"), text };
    case "return":
    case "refuse":
    case "discard":
      return { act: kind, reason: text };
    case "hand_over":
      return { act: kind, to: lead, reason: text };
    case "ask_extension":
      return { act: kind, due, reason: text };
    case "answer_extension":
      return { act: kind, granted: draft.yes === true, text };
    case "answer_recall":
      return { act: kind, agreed: draft.yes === true, reason: text };
  }
}
