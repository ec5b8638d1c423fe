import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keyOf } from "../../api/query";
import { forgetUnkept, useSettings } from "../../api/settings";
import { host } from "../../platform";
import { useShortcut } from "../../shared/useShortcut";

/** Minutes without a key or the mouse before the desk covers itself; 0 = never. */
export const LOCK_AFTER = ["0", "5", "15", "30", "60"] as const;
const LOCK_AFTER_USUALLY = "15";

/** How often the idle time is looked at: a machine that wakes from sleep is covered at once. */
const LOOK_MS = 5_000;

const SIGNS_OF_LIFE = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** Covers the desk: what was read leaves the window's memory before anybody else sits down. */
export function useLock() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => host().call("lock", {}),
    onSuccess: async (status) => {
      forgetUnkept();
      client.setQueryData(keyOf("session", "app_status", {}), status);
      client.removeQueries({ predicate: ({ queryKey }) => !KEPT.includes(queryKey[1]) });
      await client.invalidateQueries();
    },
  });
}
const KEPT: unknown[] = ["app_status", "settings"];

/** Minutes until the desk covers itself, and how to change them. */
export function useLockAfter() {
  const { read, remember } = useSettings();
  const kept = read("lock.after");
  const after = LOCK_AFTER.find((known) => known === kept) ?? LOCK_AFTER_USUALLY;
  return { after, set: (value: string) => remember("lock.after", value) };
}

/** The desk covers itself by its key, and when nobody has touched it for a while. */
export function useLocking(): () => void {
  const { mutate } = useLock();
  const { after } = useLockAfter();
  useShortcut("lock", mutate);
  const idle = Number(after) * 60_000;
  useEffect(() => {
    if (idle === 0) return;
    let last = Date.now();
    const alive = () => {
      last = Date.now();
    };
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, alive, { passive: true });
    const timer = setInterval(() => {
      if (Date.now() - last < idle) return;
      // Once: while the answer is awaited nobody is here either.
      last = Date.now();
      mutate();
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, alive);
    };
  }, [idle, mutate]);
  return mutate;
}
