import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
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

function pageOptions(query: Query, index: number) {
  const place = { after: null, skip: index * PAGE_ROWS, limit: PAGE_ROWS };
  return reading("documents", "documents_list", { ...query, ...place });
}

/** The rows of a list of any length. Only the pages in sight are read and re-read, wherever the
 * person jumped to; what lies between is passed over in an index. */
export function useDocumentRows(query: Query, first: number, last: number): Rows {
  const [shown, setShown] = useState(query);
  const top = useQuery(pageOptions(query, 0));
  const same = shown.view === query.view && shown.search === query.search;
  if (!same && top.data !== undefined) setShown(query);

  // Only the first page knows the length, and the first page is always watched.
  const [total, setTotal] = useState(0);
  if (top.data !== undefined && top.data.total !== total) setTotal(top.data.total);

  const end = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  const from = Math.min(Math.floor(first / PAGE_ROWS), end);
  const to = Math.min(Math.floor(last / PAGE_ROWS), end);
  const wanted = Array.from({ length: Math.max(0, to - from) + 1 }, (_, i) => from + i);
  const pages = useQueries({
    queries: wanted.map((index) => pageOptions(shown, index)),
    combine: (results) => results.map((result) => result.data as DocumentPage | undefined),
  });

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
