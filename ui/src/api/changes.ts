import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChangeTag } from "../generated/types";
import { host } from "../platform";

/** Bursts of events (a transfer, a large pull) become one re-read per this many milliseconds. */
const GATHER_MS = 120;

/** Re-reads what is shown when the host says that it may have changed. */
export function useChanges(): void {
  const client = useQueryClient();
  useEffect(() => followChanges(client), [client]);
}

/** Follows the host's change events. Returns how to stop. */
function followChanges(client: QueryClient): () => void {
  const waiting = new Set<ChangeTag>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    const tags = [...waiting];
    waiting.clear();
    for (const tag of tags) void client.invalidateQueries({ queryKey: [tag] });
  };
  const stop = host().onChanged(({ tags }) => {
    for (const tag of tags) waiting.add(tag);
    timer ??= setTimeout(flush, GATHER_MS);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
