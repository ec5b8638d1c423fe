import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Settings } from "../generated/types";
import { host } from "../platform";
import { keyOf, useRead } from "./query";

const KEY = keyOf("settings", "settings", {});

/** What the face remembers on this machine, and how to remember one thing more. */
export function useSettings() {
  const { data, isFetched } = useRead("settings", "settings", {});
  const client = useQueryClient();
  const remember = useCallback(
    (key: string, value: string) => {
      client.setQueryData<Settings>(KEY, (old) => ({ values: { ...old?.values, [key]: value } }));
      // A preference that could not be kept is not worth a message; it still holds in this window.
      host()
        .call("setting_set", { key, value })
        .catch(() => undefined);
    },
    [client],
  );
  const read = useCallback((key: string): string | undefined => data?.values[key], [data]);
  return { read, remember, ready: isFetched };
}
