import { useInfiniteQuery } from "@tanstack/react-query";
import { keyOf } from "../../api/query";
import type { IntakeCounts, LetterCard, LetterState, StackDto } from "../../generated/types";
import { host } from "../../platform";

/** Cards asked for at once. */
const PAGE = 200;

/** What the list shows: letters that wait for a person, confirmed ones, registered ones. */
export type InboxPlace = "waiting" | "confirmed" | "registered";

const STATES: Record<InboxPlace, LetterState[]> = {
  waiting: ["READING", "READY", "SECRET"],
  confirmed: ["CONFIRMED"],
  registered: ["REGISTERED"],
};

/** One card of the list. */
type Entry =
  | { key: string; stack: StackDto; letter?: undefined }
  | { key: string; letter: LetterCard; stack?: undefined };

export interface Inbox {
  entries: readonly Entry[];
  counts: IntakeCounts;
  /** Stacks that wait for a person's word. */
  stacks: number;
  total: number;
  canUndo: boolean;
  loading: boolean;
  error: unknown;
  /** Reads on when the cards in sight come near the end of what is here. */
  reach: (index: number) => void;
}

const NOTHING: IntakeCounts = {
  reading: 0,
  ready: 0,
  confirmed: 0,
  registered_today: 0,
  copying: 0,
};

/** The inbox of scans: what needs a decision first, then the letters. */
export function useInbox(place: InboxPlace): Inbox {
  const args = { states: STATES[place], limit: PAGE };
  const query = useInfiniteQuery({
    queryKey: keyOf("intake", "intake_list", { ...args, offset: 0 }),
    queryFn: ({ pageParam }) => host().call("intake_list", { ...args, offset: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const read = pages.reduce((sum, each) => sum + each.letters.length, 0);
      return page.letters.length > 0 && read < page.total ? read : null;
    },
  });
  const first = query.data?.pages[0];
  const stacks = place === "waiting" ? (first?.stacks ?? []) : [];
  const entries: Entry[] = [
    ...stacks.map((stack) => ({ key: `stack ${stack.id}`, stack })),
    ...(query.data?.pages ?? []).flatMap((page) =>
      page.letters.map((letter) => ({ key: `letter ${letter.id}`, letter })),
    ),
  ];
  return {
    entries,
    counts: first?.counts ?? NOTHING,
    stacks: first?.stacks.length ?? 0,
    total: first?.total ?? 0,
    canUndo: first?.can_undo ?? false,
    loading: query.isPending,
    error: query.error,
    reach: (index) => {
      if (index > entries.length - 40 && query.hasNextPage && !query.isFetching) {
        void query.fetchNextPage();
      }
    },
  };
}
