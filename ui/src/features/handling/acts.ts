import type { HandlingDto } from "../../generated/types";
import type { IconName } from "../../shared/icons/Icon";

/** The acts on a document that comes in or goes out, the most pressing first. */
export const ACTS = [
  "answer_recall",
  "answer_extension",
  "direct",
  "assign",
  "take_up",
  "resolve",
  "file",
  "submit",
  "approve",
  "check_format",
  "initial",
  "number",
  "issue",
  "revise",
  "ask_extension",
  "hand_over",
  "return",
  "take_back",
  "refuse",
  "recall",
  "mail",
  "lend",
  "take_in",
  "discard",
] as const;
export type ActKind = (typeof ACTS)[number];
/** Those with nothing to fill in. */
const AT_ONCE = ["take_up", "initial", "take_back", "number"] as const satisfies readonly ActKind[];
export type AtOnce = (typeof AT_ONCE)[number];
/** Those with something to fill in. */
export type FormKind = Exclude<ActKind, AtOnce>;
/** Those that are done on paper. */
const ON_PAPER = ["mail", "lend", "take_in"] as const satisfies readonly ActKind[];
export type PaperActKind = (typeof ON_PAPER)[number];
/** Those whose form has people, days and words; a new version has a file and what stands on it, an
 * issue and its recall have agencies. */
export type ActFormKind = Exclude<FormKind, "revise" | "issue" | "recall" | PaperActKind>;

export function isAtOnce(act: ActKind): act is AtOnce {
  return AT_ONCE.some((one) => one === act);
}

export function isOnPaper(act: ActKind): act is PaperActKind {
  return ON_PAPER.some((one) => one === act);
}

export const ACT_ICONS: Record<ActKind, IconName> = {
  answer_recall: "incoming",
  answer_extension: "clock",
  direct: "opinion",
  assign: "user",
  take_up: "play",
  resolve: "check",
  file: "folder",
  ask_extension: "clock",
  hand_over: "outgoing",
  return: "undo",
  refuse: "logout",
  submit: "upload",
  approve: "check",
  check_format: "sheet",
  initial: "sign",
  revise: "copy",
  take_back: "undo",
  discard: "trash",
  number: "stamp",
  issue: "outgoing",
  recall: "incoming",
  mail: "outgoing",
  lend: "copy",
  take_in: "received",
};

/** What this person may do now, the most pressing first. Acts of a newer core are left out, and so are
 * giving up a draft that was never sent (that is dropped whole) and submitting what was signed and has
 * not been replaced. */
export function allowedActs(handling: HandlingDto | undefined): ActKind[] {
  const out = handling?.outgoing;
  const isLeftOut = (act: ActKind) =>
    (out?.only_here === true && act === "discard") ||
    (out?.to_replace === true && act === "submit");
  return ACTS.filter((act) => handling?.allowed.includes(act) && !isLeftOut(act));
}

/** The act that the document waits for; none where everything that is possible is an exception. */
export function mainAct(handling: HandlingDto | undefined): ActKind | null {
  return allowedActs(handling).find((act) => isWaitedFor(act, handling)) ?? null;
}

/** Whether it is possible and the document waits for it: nothing is undone or given anew by it. */
export function isWaitedFor(act: ActKind, handling: HandlingDto | undefined): boolean {
  if (act === "revise" && handling?.outgoing?.to_replace === true) return true;
  return allowedActs(handling).includes(act) && WAITED_FOR[act].includes(handling?.state ?? "");
}

const AT_WORK = ["directed", "in_progress"];
/** In which states a document waits for an act; an exception is waited for in none. */
const WAITED_FOR: Record<ActKind, readonly string[]> = {
  answer_recall: ["received", "registered", "presented", "directed", "in_progress", "resolved"],
  answer_extension: AT_WORK,
  direct: ["presented"],
  assign: ["directed"],
  take_up: AT_WORK,
  resolve: AT_WORK,
  file: ["resolved", "issued"],
  ask_extension: [],
  hand_over: [],
  return: [],
  refuse: [],
  submit: ["draft"],
  approve: ["content_review"],
  check_format: ["format_review"],
  initial: ["awaiting_initials"],
  revise: [],
  take_back: [],
  discard: [],
  number: ["signed"],
  issue: ["signed"],
  recall: [],
  mail: [],
  lend: [],
  take_in: [],
};

/** The catalogue's key for an act's name: giving a direction anew is said so, and so is what goes back
 * to who drafts it. */
export function actName(act: ActKind, handling: HandlingDto | undefined) {
  if (act === "direct" && handling?.state === "directed") return "act.directAgain" as const;
  if (isSentBack(act, handling)) return "act.sendBack" as const;
  if (act === "discard" && isCopy(handling)) return "copies.discard" as const;
  return `act.name.${act}` as const;
}

/** The catalogue's key for what an act with a form does. */
export function actMeaning(act: FormKind, handling: HandlingDto | undefined) {
  const out = handling?.outgoing;
  if (act === "file" && out !== undefined) return "act.fileWhat" as const;
  if (act === "discard" && isCopy(handling)) return "copies.discardWhat" as const;
  if (!isSentBack(act, handling)) return `act.what.${act}` as const;
  if (handling?.state !== "signed") return "act.sendBackWhat" as const;
  return out?.numbered == null ? ("act.sendBackSigned" as const) : ("act.sendBackVoid" as const);
}

/** The catalogue's key for the button that does an act with a form. */
export function actDone(act: ActFormKind, handling: HandlingDto | undefined) {
  return isSentBack(act, handling) ? ("act.sendBackDo" as const) : (`act.do.${act}` as const);
}

/** The catalogue's key for what the words of an act are. */
export function actWords(act: ActFormKind, handling: HandlingDto | undefined) {
  return isSentBack(act, handling) ? ("act.sendBackWhy" as const) : (`act.words.${act}` as const);
}

/** Whether it is a copy that goes out: no leader signs it. */
export function isCopy(handling: HandlingDto | undefined): boolean {
  const relation = handling?.origin?.relation;
  const isOne = relation !== undefined && relation !== "correction" && relation !== "replacement";
  return isOne && handling?.outgoing !== undefined;
}

function isSentBack(act: ActKind, handling: HandlingDto | undefined): boolean {
  return act === "return" && handling?.outgoing !== undefined;
}

/** As whom this person signs a document now: the leader before whom it is, for the agency, or not. */
export function signsAs(handling: HandlingDto | undefined): "leader" | "agency" | null {
  if (handling?.may_sign === true) return "leader";
  return handling?.allowed.includes("seal") === true ? "agency" : null;
}
