import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StatisticsDto, StatisticsQuery } from "../../generated/types";
import { type CommandError, host } from "../../platform";

interface Counted {
  /** What was asked: while something else is counted, the old answer is still shown. */
  query: StatisticsQuery;
  found: StatisticsDto;
}

/** Counts when the screen opens, when something else is asked, and when a person asks again: not
 * after every change, as the whole period is gone through. */
export function useStatistics(query: StatisticsQuery): {
  counted: UseQueryResult<Counted, CommandError>;
  again: () => void;
} {
  const [asked, setAsked] = useState(() => Date.now());
  const counted = useQuery<Counted, CommandError>({
    queryKey: ["statistics", asked, query],
    queryFn: async () => ({ query, found: await host().call("statistics", query) }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  return { counted, again: () => setAsked(Date.now()) };
}
