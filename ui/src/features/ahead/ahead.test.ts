import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Ahead, type Target } from "./ahead";

const letter = (document: string): Target => ({ document });

/** What was begun, and how to end it; the signals of all. */
function worker() {
  const begun: string[] = [];
  const signals: AbortSignal[] = [];
  const ends: Array<() => void> = [];
  const ahead = new Ahead((target, signal) => {
    begun.push(target.document);
    signals.push(signal);
    return new Promise<void>((end) => ends.push(end));
  });
  ahead.allow(true);
  const finish = async () => {
    ends.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ahead, begun, signals, finish };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const aWhile = () => vi.advanceTimersByTimeAsync(1_000);

test("letters beside the one that is read are prepared one after the other", async () => {
  const { ahead, begun, finish } = worker();
  ahead.beside([letter("next"), letter("previous")]);
  expect(begun).toEqual([]);
  await aWhile();
  expect(begun).toEqual(["next"]);
  await finish();
  expect(begun).toEqual(["next", "previous"]);
});

test("the letter that the pointer rests on comes first, and what was passed over is not touched", async () => {
  const { ahead, begun } = worker();
  ahead.beside([letter("next")]);
  ahead.point(letter("passed"));
  ahead.point(null);
  ahead.point(letter("rested"));
  await aWhile();
  expect(begun).toEqual(["rested"]);
});

test("who asks for a letter has what was prepared dropped and theirs begun at once", async () => {
  const { ahead, begun, signals } = worker();
  ahead.beside([letter("next")]);
  await aWhile();
  ahead.go(letter("asked"));
  expect(signals[0]?.aborted).toBe(true);
  expect(begun).toEqual(["next", "asked"]);
  ahead.go(letter("other"));
  expect(signals[1]?.aborted).toBe(true);
});

test("the screen is made anew once page one was asked for, a moment later at the latest", async () => {
  const asks: Array<() => void> = [];
  const ahead = new Ahead((_, __, onAsked) => {
    asks.push(onAsked);
    return new Promise(() => undefined);
  });
  const done: string[] = [];
  ahead.afterAsking(() => done.push("nothing was asked for"));
  expect(done).toHaveLength(1);
  ahead.go(letter("one"));
  ahead.afterAsking(() => done.push("one"));
  expect(done).toHaveLength(1);
  asks[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(done).toHaveLength(2);
  ahead.go(letter("slow"));
  ahead.afterAsking(() => done.push("slow"));
  await vi.advanceTimersByTimeAsync(30);
  expect(done).toHaveLength(3);
});

test("nothing is prepared while the person waits for something", async () => {
  const { ahead, begun, signals } = worker();
  ahead.beside([letter("next")]);
  const release = ahead.hold();
  await aWhile();
  expect(begun).toEqual([]);
  release();
  await aWhile();
  expect(begun).toEqual(["next"]);
  ahead.hold();
  expect(signals[0]?.aborted).toBe(true);
});

test("nothing is prepared while a batch is signed", async () => {
  const { ahead, begun, signals } = worker();
  ahead.beside([letter("next")]);
  await aWhile();
  ahead.allow(false);
  expect(signals[0]?.aborted).toBe(true);
  ahead.point(letter("rested"));
  ahead.hold()();
  await aWhile();
  expect(begun).toEqual(["next"]);
});

test("a letter that cannot be prepared does not keep the others", async () => {
  const begun: string[] = [];
  const ahead = new Ahead((target) => {
    begun.push(target.document);
    return Promise.reject(new Error("not here"));
  });
  ahead.allow(true);
  ahead.beside([letter("next"), letter("previous")]);
  await aWhile();
  expect(begun).toEqual(["next", "previous"]);
});
