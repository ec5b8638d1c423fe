import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { ReadingDto, TrayRow } from "../../generated/types";
import { host } from "../../platform";

/** How far the shown document has been read: pages on the screen are told to the core, which
 * keeps them. */
export function useReadingState(row: TrayRow | undefined) {
  const client = useQueryClient();
  const [known, setKnown] = useState<{ of: string; reading: ReadingDto } | null>(null);
  const [jump, setJump] = useState<{ page: number } | null>(null);
  const of = row === undefined ? "" : `${row.document} ${row.sha256}`;
  const onRead = useCallback(
    async (page: number) => {
      if (row === undefined) return;
      const { document, file, sha256 } = row;
      const reading = await host().call("page_seen", { document, file, shown: sha256, page });
      setKnown({ of: `${document} ${sha256}`, reading });
      void client.invalidateQueries({ queryKey: ["signing", "signing_tray"] });
    },
    [row, client],
  );
  const reading = known !== null && known.of === of ? known.reading : null;
  const pages = reading?.pages ?? row?.pages ?? null;
  const unread =
    reading === null
      ? null
      : Array.from({ length: reading.pages }, (_, page) => page).filter(
          (page) => !reading.seen.includes(page),
        );
  return {
    of,
    onRead,
    jump,
    goTo: (page: number) => setJump({ page }),
    pages,
    read: reading?.seen.length ?? row?.pages_read ?? 0,
    /** Pages not read yet, from 0; none while that is not known. */
    unread,
    mayMark: reading?.may_mark ?? row?.may_mark ?? false,
  };
}

export type ReadingState = ReturnType<typeof useReadingState>;
