import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Placement, TrayRow } from "../../generated/types";
import { host } from "../../platform";
import { type PlacementControl, usePlacement } from "../signing/usePlacement";

/** A place is remembered once the box has held still this long, or the document is left. */
const SETTLE_MS = 500;

export interface TrayPlacement extends PlacementControl {
  /** Forget what is remembered for this type of document. */
  forget: () => void;
}

/** Where the signature goes on the shown document: what is remembered for its type, or found on
 * its page. Moving the box remembers the place for the type. */
export function useTrayPlacement(row: TrayRow | undefined): TrayPlacement {
  const client = useQueryClient();
  const ready = row !== undefined && row.state === "ready";
  const control = usePlacement(ready ? row : undefined, false);
  const { value, source } = control;
  const document = row?.document ?? "";
  const file = row?.file ?? "";

  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; keep: () => void } | null>(null);
  const keepNow = useRef(() => {
    const kept = waiting.current;
    waiting.current = null;
    if (kept === null) return;
    clearTimeout(kept.timer);
    kept.keep();
  });
  const remember = (placement: Placement | null) => {
    if (waiting.current !== null) clearTimeout(waiting.current.timer);
    const keep = () =>
      void host()
        .call("placement_remember", { document, file, placement })
        .then(() => client.invalidateQueries({ queryKey: ["signing", "placement_get"] }))
        // Not remembered means: asked for again, which is what the box shows then.
        .catch(() => undefined);
    waiting.current = { timer: setTimeout(keepNow.current, SETTLE_MS), keep };
    if (placement === null) keepNow.current();
  };
  // Whoever goes on to another document or out of the tray has put the box where it is to be.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the document is left.
  useEffect(() => () => keepNow.current(), [document]);

  return {
    ...control,
    source: value !== null && source === null ? "REMEMBERED" : source,
    set: (placement) => {
      const inside = control.set(placement);
      if (inside !== null) remember(inside);
      return inside;
    },
    forget: () => {
      control.reset();
      remember(null);
    },
  };
}
