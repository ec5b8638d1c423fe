import { type QueryClient, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reading } from "../../api/query";
import type { FoundPage, FoundRow, SearchNarrow, SearchOrder } from "../../generated/types";
import { isAsking } from "./place";

/** Rows in one page. */
const PAGE_ROWS = 50;

interface Query {
  text: string;
  narrow: SearchNarrow;
  order: SearchOrder;
}

export interface FoundRows {
  /** The first page of what is shown: stays the old one until the new one is here. */
  first: FoundPage | undefined;
  total: number;
  /** What the rows were found by. */
  shownText: string;
  rowAt: (index: number) => FoundRow | undefined;
  loading: boolean;
  error: unknown;
}

function pageOptions(query: Query, index: number) {
  const place = { skip: index * PAGE_ROWS, limit: PAGE_ROWS };
  // Results change with documents; what is no longer asked for is let go soon, a key each.
  return { ...reading("documents", "search_find", { ...query, ...place }), gcTime: 15_000 };
}

/** Asks for the first page of what is about to be looked for. */
export function askAhead(client: QueryClient, query: Query): void {
  if (isAsking(query)) void client.prefetchQuery(pageOptions(query, 0));
}

/** What is found, read as it comes into sight. */
export function useFoundRows(
  query: Query,
  first: number,
  last: number,
  enabled: boolean,
): FoundRows {
  const [shown, setShown] = useState(query);
  const top = useQuery({ ...pageOptions(query, 0), enabled });
  const same = JSON.stringify(shown) === JSON.stringify(query);
  if (!same && top.data !== undefined) setShown(query);
  // Before the first question there is nothing that could stay.
  const followed = same || !isAsking(shown);
  const [page, setPage] = useState<FoundPage>();
  if (top.data !== undefined && top.data !== page) setPage(top.data);

  const total = page?.total ?? 0;
  const end = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  const from = Math.min(Math.floor(first / PAGE_ROWS), end);
  const to = Math.min(Math.floor(last / PAGE_ROWS), end);
  const wanted = Array.from({ length: Math.max(0, to - from) + 1 }, (_, i) => from + i);
  const pages = useQueries({
    queries: wanted.map((index) => ({ ...pageOptions(followed ? query : shown, index), enabled })),
    combine: (results) => results.map((result) => result.data as FoundPage | undefined),
  });
  return {
    first: page,
    total,
    shownText: shown.text,
    loading: enabled && top.isPending,
    error: top.error,
    rowAt: (index) => pages[Math.floor(index / PAGE_ROWS) - from]?.rows[index % PAGE_ROWS],
  };
}
