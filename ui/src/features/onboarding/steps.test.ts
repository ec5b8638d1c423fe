import { expect, it } from "vitest";
import type { AccountDto, IntakePage } from "../../generated/types";
import { sampleSync } from "../../testing/fakeHost";
import { type First, firstActOf, hasScans, isDownloaded, stepsOf } from "./steps";

const who = (...roles: string[]): AccountDto => ({
  id: 1,
  username: "a",
  full_name: "Nguyễn Văn A",
  posts: roles.map((role) => ({ role, title: "", unit: "", unit_code: "" }) as never),
});
const names = (account: AccountDto | null) => stepsOf(account, () => false).map(({ name }) => name);

it("a leader's first act is to sign, a clerk's to take in a scan, all others' to read", () => {
  expect(names(who("leader", "clerk"))).toEqual(["download", "sign", "keys"]);
  expect(names(who("clerk"))).toEqual(["download", "scan", "keys"]);
  expect(names(who("head"))).toEqual(["download", "read", "keys"]);
  expect(firstActOf(who("official"))).toBe("read");
  expect(firstActOf(null)).toBe("read");
});

it("the download is done after a round that ended well and left no file waiting", () => {
  const last_sync = 1;
  expect(isDownloaded(sampleSync({ last_sync }))).toBe(true);
  expect(isDownloaded(sampleSync())).toBe(false);
  expect(isDownloaded(sampleSync({ last_sync, downloads_waiting: 2 }))).toBe(false);
  expect(isDownloaded(sampleSync({ last_sync, syncing: true }))).toBe(false);
});

it("a scan has been taken in when a letter or a stack of pages is in the inbox or was registered", () => {
  const none = { reading: 0, ready: 0, confirmed: 0, registered_today: 0, copying: 0 };
  const list = (counts: object, stacks: unknown[] = []) =>
    ({ counts: { ...none, ...counts }, stacks }) as unknown as IntakePage;
  expect(hasScans(undefined)).toBe(false);
  expect(hasScans(list({}))).toBe(false);
  // A file that is still being copied is none yet.
  expect(hasScans(list({ copying: 1 }))).toBe(false);
  expect(hasScans(list({ reading: 1 }))).toBe(true);
  expect(hasScans(list({ registered_today: 1 }))).toBe(true);
  expect(hasScans(list({}, [{}]))).toBe(true);
});

it("a step is done by what was done, and the keys by both of them", () => {
  const done = (...firsts: First[]) =>
    stepsOf(who("leader"), (first) => firsts.includes(first)).map(({ isDone }) => isDone);
  expect(done()).toEqual([false, false, false]);
  expect(done("download", "sign")).toEqual([true, true, false]);
  // What another role begins with does not count.
  expect(done("scan", "read")).toEqual([false, false, false]);
  expect(done("palette")).toEqual([false, false, false]);
  expect(done("palette", "help")).toEqual([false, false, true]);
});
