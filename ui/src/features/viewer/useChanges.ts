import { useEffect, useMemo, useState } from "react";
import { useRead } from "../../api/query";
import { useShortcut } from "../../shared/useShortcut";
import { litOf } from "./changes";
import { otherHit } from "./finding";

export type Changes = ReturnType<typeof useChanges>;

/** What differs between the words of two files, and which difference is looked at. */
export function useChanges(old: string, now: string | undefined, on: boolean) {
  const { data, error, refetch } = useRead(
    "file",
    "texts_compare",
    { old, new: now ?? "" },
    { enabled: on && now !== undefined },
  );
  // The core answers in portions; whoever no longer looks no longer asks.
  useEffect(() => {
    if (on && data?.comparison === null) void refetch();
  }, [on, data, refetch]);
  const check = on ? data : undefined;
  const found = check?.comparison ?? undefined;
  const pair = `${old} ${now}`;
  // What was gone to between two other files says nothing here.
  const [gone, setGone] = useState<{ pair: string; at: number } | null>(null);
  const current = gone?.pair === pair ? gone : null;
  const changes = found?.changes;
  const lit = useMemo(
    () =>
      changes && {
        left: litOf(changes, "old", current),
        right: litOf(changes, "new", current),
      },
    [changes, current],
  );
  const go = (at: number) => setGone({ pair, at });
  const move = (by: 1 | -1) => {
    const at = otherHit(changes?.length ?? 0, current?.at ?? null, by);
    if (at !== null) go(at);
  };
  const some = (changes?.length ?? 0) > 0;
  useShortcut("diff.next", () => move(1), some);
  useShortcut("diff.previous", () => move(-1), some);
  return {
    check,
    found,
    error: on ? error : null,
    again: () => void refetch(),
    lit,
    current,
    go,
    move,
  };
}
