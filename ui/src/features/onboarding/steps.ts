import type { AccountDto, IntakePage, SyncStatus } from "../../generated/types";

/** The act with which the work of a role begins. */
export type FirstAct = "sign" | "scan" | "read";
/** What is remembered, once and for good, to have been done. */
export type First = FirstAct | "download" | "palette" | "help";
/** A step of the guide. */
export type StepName = "download" | FirstAct | "keys";

export interface Step {
  name: StepName;
  isDone: boolean;
}

/** The first act of the main post: a leader signs, the clerk takes in, all others read. */
export function firstActOf(account: AccountDto | null): FirstAct {
  const role = account?.posts[0]?.role;
  if (role === "leader") return "sign";
  return role === "clerk" ? "scan" : "read";
}

/** Whether all that the server has for this person is on the machine. */
export function isDownloaded(sync: SyncStatus): boolean {
  return sync.last_sync !== null && !sync.syncing && sync.downloads_waiting === 0;
}

/** Whether a scan has been taken in here. */
export function hasScans(list: Pick<IntakePage, "counts" | "stacks"> | undefined): boolean {
  if (list === undefined) return false;
  const { reading, ready, confirmed, registered_today } = list.counts;
  return reading + ready + confirmed + registered_today + list.stacks.length > 0;
}

/** The three steps of a person, by what has been done before. */
export function stepsOf(account: AccountDto | null, has: (first: First) => boolean): Step[] {
  const act = firstActOf(account);
  return [
    { name: "download", isDone: has("download") },
    { name: act, isDone: has(act) },
    { name: "keys", isDone: has("palette") && has("help") },
  ];
}
