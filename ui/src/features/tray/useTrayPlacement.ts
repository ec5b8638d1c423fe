import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useRead } from "../../api/query";
import type { Placement, PlacementSource, TrayRow } from "../../generated/types";
import { host } from "../../platform";
import { keepInside } from "../signing/geometry";
import type { PlacementControl } from "../signing/usePlacement";

/** A place is remembered once the box has held still this long. */
const SETTLE_MS = 500;

export interface TrayPlacement extends PlacementControl {
  source: PlacementSource | null;
  /** Forget what is remembered for this type of document. */
  forget: () => void;
}

/** Where the signature goes on the shown document: what is remembered for its type, or found on
 * its page. Moving the box remembers the place for the type. */
export function useTrayPlacement(row: TrayRow | undefined): TrayPlacement {
  const client = useQueryClient();
  const ready = row !== undefined && row.state === "ready";
  const args = { document: row?.document ?? "", file: row?.file ?? "" };
  const opened = useRead("file", "file_open", { sha256: row?.sha256 ?? "" }, { enabled: ready });
  const found = useRead("signing", "placement_get", args, { enabled: ready });
  const [moved, setMoved] = useState<{ of: string; placement: Placement } | null>(null);
  const [reveal, setReveal] = useState(0);
  const mine = moved !== null && moved.of === row?.document ? moved.placement : null;
  const pages = opened.data?.pages ?? [];

  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const remember = (placement: Placement | null) => {
    clearTimeout(waiting.current);
    const keep = () =>
      host()
        .call("placement_remember", { ...args, placement })
        .then(() => client.invalidateQueries({ queryKey: ["signing", "placement_get"] }))
        // Not remembered means: asked for again, which is what the box shows then.
        .catch(() => undefined);
    if (placement === null) void keep();
    else waiting.current = setTimeout(() => void keep(), SETTLE_MS);
  };
  useEffect(() => () => clearTimeout(waiting.current), []);

  const images = useRead("settings", "signature_image_list", {});
  const picture = images.data?.find((image) => image.role === "signature");
  return {
    picture: picture === undefined ? undefined : host().imageUrl(picture.sha256),
    value: mine ?? found.data?.placement ?? null,
    source: mine !== null ? "REMEMBERED" : (found.data?.source ?? null),
    pages,
    foundName: mine === null && found.data?.source === "FOUND",
    reveal,
    show: () => setReveal((n) => n + 1),
    set: (placement) => {
      const size = pages[placement.page];
      if (size === undefined || row === undefined) return;
      const inside = { ...placement, ...keepInside(placement, size) };
      setMoved({ of: row.document, placement: inside });
      remember(inside);
    },
    forget: () => {
      setMoved(null);
      remember(null);
    },
  };
}
