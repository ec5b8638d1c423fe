import type { AccountDto, HandlingDto } from "../../generated/types";
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
  "revise",
  "ask_extension",
  "hand_over",
  "return",
  "take_back",
  "refuse",
  "discard",
] as const;
export type ActKind = (typeof ACTS)[number];
/** Those with nothing to fill in. */
const AT_ONCE = ["take_up", "initial", "take_back"] as const satisfies readonly ActKind[];
export type AtOnce = (typeof AT_ONCE)[number];
/** Those with something to fill in. */
export type FormKind = Exclude<ActKind, AtOnce>;
/** Those whose form has people, days and words; a new version has a file and what stands on it. */
export type ActFormKind = Exclude<FormKind, "revise">;

export function isAtOnce(act: ActKind): act is AtOnce {
  return AT_ONCE.some((one) => one === act);
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
};

/** What this person may do now, the most pressing first. Acts of a newer core are left out, and so is
 * giving up a draft that was never sent: that is dropped whole. */
export function allowedActs(handling: HandlingDto | undefined): ActKind[] {
  const onlyHere = handling?.outgoing?.only_here === true;
  return ACTS.filter((act) => handling?.allowed.includes(act) && !(onlyHere && act === "discard"));
}

/** The act that the document waits for; none where everything that is possible is an exception. */
export function mainAct(handling: HandlingDto | undefined): ActKind | null {
  return allowedActs(handling).find((act) => isWaitedFor(act, handling)) ?? null;
}

/** Whether it is possible and the document waits for it: nothing is undone or given anew by it. */
export function isWaitedFor(act: ActKind, handling: HandlingDto | undefined): boolean {
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
  file: ["resolved"],
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
};

/** The catalogue's key for an act's name: giving a direction anew is said so, and so is what goes back
 * to who drafts it. */
export function actName(act: ActKind, handling: HandlingDto | undefined) {
  if (act === "direct" && handling?.state === "directed") return "act.directAgain" as const;
  if (isSentBack(act, handling)) return "act.sendBack" as const;
  return `act.name.${act}` as const;
}

/** The catalogue's key for what an act with a form does. */
export function actMeaning(act: FormKind, handling: HandlingDto | undefined) {
  return isSentBack(act, handling) ? ("act.sendBackWhat" as const) : (`act.what.${act}` as const);
}

function isSentBack(act: ActKind, handling: HandlingDto | undefined): boolean {
  return act === "return" && handling?.outgoing !== undefined;
}

/** Whether nothing speaks against this person's signature: what was drafted here is signed by the
 * leader before whom it was put. The core judges by the account. */
export function maySign(handling: HandlingDto | undefined, account: AccountDto | null): boolean {
  return handling?.outgoing === undefined || handling.director === account?.full_name;
}
