import { type QueryClient, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
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
  /** As far as they were counted with the first page. */
  total: number;
  /** What the rows were found by. */
  shownText: string;
  rowAt: (index: number) => FoundRow | undefined;
  error: unknown;
}

interface Found {
  rows: FoundRows;
  /** What is shown is what is asked for. */
  isHere: boolean;
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

/** A page that is here, and what it answers. */
interface Here {
  query: Query;
  page: FoundPage;
}

/** What is found, read as it comes into sight. The same as before until other rows are here, so that a
 * key alone makes nothing of the results anew. */
export function useFoundRows(query: Query, first: number, last: number, enabled: boolean): Found {
  const top = useQuery({ ...pageOptions(query, 0), enabled });
  const [here, setHere] = useState<Here>();
  if (top.data !== undefined && top.data !== here?.page) setHere({ query, page: top.data });

  // Where the count is not the whole one, what is in sight tells how far there are rows.
  const known = here?.page.is_more === true ? last : (here?.page.total ?? 0) - 1;
  const end = Math.max(0, Math.floor(known / PAGE_ROWS));
  const from = Math.min(Math.floor(first / PAGE_ROWS), end);
  const to = Math.min(Math.floor(last / PAGE_ROWS), end);
  // The first page is here already.
  const wanted: number[] = [];
  for (let index = Math.max(1, from); index <= to; index += 1) wanted.push(index);
  const pages = useQueries({
    queries: wanted.map((index) => ({ ...pageOptions(here?.query ?? query, index), enabled })),
    combine: pagesOf,
  });
  const { error } = top;
  const rows = useMemo(() => {
    const later = Math.max(1, from);
    return {
      first: here?.page,
      total: here?.page.total ?? 0,
      shownText: here?.query.text ?? "",
      error,
      rowAt: (index: number) => {
        const page = Math.floor(index / PAGE_ROWS);
        return (page === 0 ? here?.page : pages[page - later])?.rows[index % PAGE_ROWS];
      },
    };
  }, [here, pages, from, error]);
  return { rows, isHere: top.data !== undefined };
}

function pagesOf(results: ReadonlyArray<{ data: unknown }>) {
  return results.map((result) => result.data as FoundPage | undefined);
}
