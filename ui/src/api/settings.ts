import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Settings } from "../generated/types";
import { host } from "../platform";
import { keyOf, useRead } from "./query";

const KEY = keyOf("settings", "settings", {});

/** What was chosen here and the host has not kept yet. An answer that was under way meanwhile still
 * tells the old value, and would move the selection back under the hand of whoever types fast. */
const unkept = new Map<string, string>();

/** Forgets what the host has not kept: another person comes to the desk. */
export function forgetUnkept(): void {
  unkept.clear();
}

/** What the face remembers on this machine, and how to remember one thing more: `remember` answers
 * whether the host has kept it. */
export function useSettings() {
  const { data, isFetched } = useRead("settings", "settings", {});
  const client = useQueryClient();
  const remember = useCallback(
    (key: string, value: string): Promise<boolean> => {
      const keep = () =>
        client.setQueryData<Settings>(KEY, (old) => ({ values: { ...old?.values, [key]: value } }));
      unkept.set(key, value);
      keep();
      const release = () => {
        // Answers under way may still be old: they are dropped, and a new one is asked for.
        void client.cancelQueries({ queryKey: KEY }).then(() => {
          if (unkept.get(key) !== value) return;
          keep();
          unkept.delete(key);
          void client.invalidateQueries({ queryKey: KEY });
        });
      };
      // A preference that could not be kept is not worth a message; it still holds in this window.
      return host()
        .call("setting_set", { key, value })
        .then(
          () => {
            release();
            return true;
          },
          () => false,
        );
    },
    [client],
  );
  const read = useCallback(
    (key: string): string | undefined => unkept.get(key) ?? data?.values[key],
    [data],
  );
  const readAll = useCallback(
    (prefix: string): Array<[string, string]> =>
      Object.entries({ ...data?.values, ...Object.fromEntries(unkept) }).filter(
        ([key, value]) => key.startsWith(prefix) && value !== "",
      ),
    [data],
  );
  return { read, readAll, remember, ready: isFetched };
}
