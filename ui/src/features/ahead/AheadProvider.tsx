import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { keyOf, reading } from "../../api/query";
import { useSettings } from "../../api/settings";
import { host } from "../../platform";
import { useBatch } from "../batch/useBatch";
import { pixelsAcross, scaleFor } from "../viewer/fit";
import { GAP } from "../viewer/useColumn";
import { Ahead, type Target } from "./ahead";
import { AheadContext } from "./context";
import { Pictures } from "./pictures";

/** Works ahead of the person: the letters beside the one that is read, and the one pointed at, are
 * opened and their page one is drawn, from files that are on the machine. Only questions that record
 * nothing are asked. */
export function AheadProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { read } = useSettings();
  const { running, known } = useBatch();
  const zoom = useRef<string | undefined>(undefined);
  zoom.current = read("viewer.zoom");
  const [pictures] = useState(() => new Pictures());
  const [ahead] = useState(
    () =>
      new Ahead(async (target, signal, onAsked) => {
        const url = await firstPage(client, target, signal, zoom.current);
        if (url === null) return;
        const loaded = pictures.load(url, signal);
        onAsked();
        await loaded;
      }),
  );
  useEffect(() => ahead.allow(known && !running), [ahead, known, running]);
  useEffect(
    () => () => {
      ahead.stop();
      pictures.clear();
    },
    [ahead, pictures],
  );
  return <AheadContext value={ahead}>{children}</AheadContext>;
}

/** The address of a letter's page one in the size that the viewer on the screen would ask for. */
async function firstPage(
  client: QueryClient,
  { document: id, file }: Target,
  signal: AbortSignal,
  zoom: string | undefined,
): Promise<string | null> {
  // Side by side: an answer's turn comes only when the screen is not being made anew.
  void client.prefetchQuery(reading("documents", "document_get", { id }));
  const asked = { document: id, file: file ?? null };
  const opened = await client.fetchQuery(reading("documents", "document_file_open", asked));
  // A file that is not here would be sent for before those that somebody waits for.
  if (opened === null) return null;
  const { sha256, pages } = opened;
  client.setQueryData(keyOf("file", "file_open", { sha256 }), opened);
  const viewer = [...document.querySelectorAll<HTMLElement>("[data-viewer]")].at(-1);
  const first = pages[0];
  if (signal.aborted || viewer === undefined || first === undefined) return null;
  const scale = scaleFor(zoom, {
    width: viewer.clientWidth,
    height: viewer.clientHeight,
    margin: GAP,
    widestMm: Math.max(...pages.map((page) => page.width_mm)),
    tallestMm: Math.max(...pages.map((page) => page.height_mm)),
  });
  return host().pageUrl(sha256, 0, pixelsAcross(first, scale));
}
