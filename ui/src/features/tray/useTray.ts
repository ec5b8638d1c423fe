import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keyOf } from "../../api/query";
import type { ReadingRule, TrayRow } from "../../generated/types";
import { host } from "../../platform";

/** Rows asked for at once. */
const PAGE_ROWS = 100;

export interface Tray {
  rows: readonly TrayRow[];
  total: number;
  marked: number;
  reading: ReadingRule;
  unreadAllowed: boolean;
  loading: boolean;
  error: unknown;
  /** Reads on when the rows in sight come near the end of what is here. */
  reach: (index: number) => void;
}

/** What waits for this person's signature. */
export function useTray(search: string, markedOnly: boolean): Tray {
  const args = { marked_only: markedOnly, search, limit: PAGE_ROWS };
  const query = useInfiniteQuery({
    queryKey: keyOf("signing", "signing_tray", { ...args, after: null }),
    queryFn: ({ pageParam }) => host().call("signing_tray", { ...args, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  // Its own tag tells of reading, marks and batches; documents also come and go with the sync.
  const client = useQueryClient();
  useEffect(
    () =>
      host().onChanged(({ tags }) => {
        if (!tags.includes("documents") || tags.includes("signing")) return;
        void client.invalidateQueries({ queryKey: ["signing", "signing_tray"] });
      }),
    [client],
  );
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.rows) ?? [];
  return {
    rows,
    total: first?.total ?? 0,
    marked: first?.marked ?? 0,
    reading: first?.reading ?? "every_page",
    unreadAllowed: first?.unread_allowed ?? false,
    loading: query.isPending,
    error: query.error,
    reach: (index) => {
      if (index > rows.length - 30 && query.hasNextPage && !query.isFetching) {
        void query.fetchNextPage();
      }
    },
  };
}
