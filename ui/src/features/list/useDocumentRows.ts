import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { reading } from "../../api/query";
import type { DocumentPage, DocumentRow, DocumentView } from "../../generated/types";

/** Rows in one page of the list. */
const PAGE_ROWS = 100;

interface Query {
  view: DocumentView;
  search: string;
}

interface Rows {
  /** What the rows belong to: stays the old query until the new one's first page is here. */
  shown: Query;
  total: number;
  rowAt: (index: number) => DocumentRow | undefined;
  indexOf: (id: string) => number;
  loading: boolean;
  error: unknown;
}

function pageOptions(query: Query, after: string | null) {
  return reading("documents", "documents_list", { ...query, after, limit: PAGE_ROWS });
}

/** The rows of a list of any length. Only the pages in sight are read and re-read: a page is
 * found by the keyset of the page before it, so the cost never grows with the queue. */
export function useDocumentRows(query: Query, first: number, last: number): Rows {
  const [shown, setShown] = useState(query);
  // after[i] is where page i begins; each page tells where the next one does.
  const [after, setAfter] = useState<Array<string | null>>([null]);

  const top = useQuery(pageOptions(query, null));
  const same = shown.view === query.view && shown.search === query.search;
  if (!same && top.data !== undefined) {
    setShown(query);
    setAfter(top.data.next === null ? [null] : [null, top.data.next]);
  }

  const from = Math.min(Math.floor(first / PAGE_ROWS), after.length - 1);
  const to = Math.min(Math.floor(last / PAGE_ROWS), after.length - 1);
  const wanted = Array.from({ length: Math.max(0, to - from) + 1 }, (_, i) => from + i);
  const pages = useQueries({
    queries: wanted.map((index) => pageOptions(shown, after[index] ?? null)),
    combine: (results) => results.map((result) => result.data as DocumentPage | undefined),
  });

  useEffect(() => {
    const next = [...after];
    pages.forEach((page, i) => {
      const index = from + i;
      if (page === undefined) return;
      if (page.next === null) next.length = Math.min(next.length, index + 1);
      else next[index + 1] = page.next;
    });
    if (next.length !== after.length || next.some((key, i) => key !== after[i])) setAfter(next);
  }, [pages, after, from]);

  // Only the first page knows the length, and the first page is always watched.
  const [total, setTotal] = useState(0);
  if (top.data !== undefined && top.data.total !== total) setTotal(top.data.total);
  return {
    shown,
    total,
    loading: top.isPending && pages.every((page) => page === undefined),
    error: top.error,
    rowAt: (index) => pages[Math.floor(index / PAGE_ROWS) - from]?.rows[index % PAGE_ROWS],
    indexOf: (id) => {
      for (const [i, page] of pages.entries()) {
        const at = page?.rows.findIndex((row) => row.id === id) ?? -1;
        if (at >= 0) return (from + i) * PAGE_ROWS + at;
      }
      return -1;
    },
  };
}
