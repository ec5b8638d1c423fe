import type { HandlingDto } from "../../generated/types";
import type { IconName } from "../../shared/icons/Icon";

/** The acts on an incoming document, the most pressing first. */
export const ACTS = [
  "answer_recall",
  "answer_extension",
  "direct",
  "assign",
  "take_up",
  "resolve",
  "file",
  "ask_extension",
  "hand_over",
  "return",
  "refuse",
] as const;
export type ActKind = (typeof ACTS)[number];
/** Those with something to fill in. */
export type FormKind = Exclude<ActKind, "take_up">;

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
};

/** What this person may do now, the most pressing first. Acts of a newer core are left out. */
export function allowedActs(handling: HandlingDto | undefined): ActKind[] {
  return ACTS.filter((act) => handling?.allowed.includes(act));
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
};

/** The catalogue's key for an act's name: giving a direction anew is said so. */
export function actName(act: ActKind, handling: HandlingDto | undefined) {
  const again = act === "direct" && handling?.state === "directed";
  return again ? ("act.directAgain" as const) : (`act.name.${act}` as const);
}
