import { useInfiniteQuery } from "@tanstack/react-query";
import { keyOf } from "../../api/query";
import type { BookEntryDto, BookQuery } from "../../generated/types";
import { host } from "../../platform";

/** Lines asked for at once. */
const PAGE = 200;

export type BookFilter = Omit<BookQuery, "offset" | "limit">;

export interface BookLines {
  entries: readonly BookEntryDto[];
  total: number;
  loading: boolean;
  error: unknown;
  reach: (index: number) => void;
}

/** The lines of a book, read as they come into sight. */
export function useBook(filter: BookFilter): BookLines {
  const args = { ...filter, limit: PAGE };
  const query = useInfiniteQuery({
    // Numbers come with the registering and with the sync: both tell of documents.
    queryKey: keyOf("documents", "book_entries", { ...args, offset: 0 }),
    queryFn: ({ pageParam }) => host().call("book_entries", { ...args, offset: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const read = pages.reduce((sum, each) => sum + each.entries.length, 0);
      return page.entries.length > 0 && read < page.total ? read : null;
    },
    enabled: filter.book !== "",
  });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  return {
    entries,
    total: query.data?.pages[0]?.total ?? 0,
    loading: query.isPending,
    error: query.error,
    reach: (index) => {
      if (index > entries.length - 40 && query.hasNextPage && !query.isFetching) {
        void query.fetchNextPage();
      }
    },
  };
}
