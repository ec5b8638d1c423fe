import { useInfiniteQuery } from "@tanstack/react-query";
import { keyOf } from "../../api/query";
import type {
  BookPage,
  BookQuery,
  LoanPage,
  MailPage,
  OutgoingPage,
  RegisterKind,
  TrackingPage,
} from "../../generated/types";
import { host } from "../../platform";

/** Lines asked for at once. */
const PAGE = 200;

/** What each register answers, and the command that asks it. */
interface Pages {
  incoming: BookPage;
  outgoing: OutgoingPage;
  tracking: TrackingPage;
  mail: MailPage;
  loans: LoanPage;
}

const COMMANDS = {
  incoming: "book_entries",
  outgoing: "outgoing_register",
  tracking: "tracking_register",
  mail: "mail_register",
  loans: "loan_register",
} as const satisfies Record<RegisterKind, string>;

export type BookFilter = Omit<BookQuery, "offset" | "limit">;
export type Entry<K extends RegisterKind> = Pages[K]["entries"][number];

export interface BookLines<K extends RegisterKind> {
  entries: readonly Entry<K>[];
  total: number;
  /** The first page, for what it says of the whole. */
  first: Pages[K] | undefined;
  loading: boolean;
  error: unknown;
  reach: (index: number) => void;
}

/** The lines of a register, read as they come into sight. */
export function useBook<K extends RegisterKind>(register: K, filter: BookFilter): BookLines<K> {
  const args = { ...filter, limit: PAGE };
  const command = COMMANDS[register];
  const query = useInfiniteQuery({
    // Numbers come with the registering and with the sync: both tell of documents.
    queryKey: keyOf("documents", command, { ...args, offset: 0 }),
    queryFn: ({ pageParam }) =>
      host().call(command, { ...args, offset: pageParam }) as Promise<Pages[K]>,
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const read = pages.reduce((sum, each) => sum + each.entries.length, 0);
      return page.entries.length > 0 && read < page.total ? read : null;
    },
  });
  const pages = query.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries as Entry<K>[]);
  return {
    entries,
    total: pages[0]?.total ?? 0,
    first: pages[0],
    loading: query.isPending,
    error: query.error,
    reach: (index) => {
      if (index > entries.length - 40 && query.hasNextPage && !query.isFetching) {
        void query.fetchNextPage();
      }
    },
  };
}
