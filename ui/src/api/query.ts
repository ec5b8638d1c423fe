import {
  keepPreviousData,
  QueryClient,
  type UseQueryOptions,
  type UseQueryResult,
  useQuery,
} from "@tanstack/react-query";
import type { ChangeTag } from "../generated/types";
import { type Args, type CommandError, type CommandName, host, type Result } from "../platform";

/** Data is re-read when its change tag comes, never by age, focus or mount. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        retry: false,
        networkMode: "always",
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

/** `file`: what is asked of a file state by its hash never changes. */
export type ReadTag = ChangeTag | "file";

/** The cache key of a reading command: its change tag first, so that a tag invalidates by prefix. */
export function keyOf<N extends CommandName>(tag: ReadTag, name: N, args: Args<N>) {
  return [tag, name, args] as const;
}

/** Options of a reading command under its change tag. */
export function reading<N extends CommandName>(tag: ReadTag, name: N, args: Args<N>) {
  return { queryKey: keyOf(tag, name, args), queryFn: () => host().call(name, args) };
}

interface ReadOptions {
  enabled?: boolean;
  refetchInterval?: number | false;
  /** While other arguments are read for the first time, go on showing the old answer. */
  keepOld?: boolean;
}

/** Reads with a command; re-reads when `tag` changes. */
export function useRead<N extends CommandName>(
  tag: ReadTag,
  name: N,
  args: Args<N>,
  options: ReadOptions = {},
): UseQueryResult<Result<N>, CommandError> {
  const { keepOld = false, ...rest } = options;
  const query: UseQueryOptions<Result<N>, CommandError> = { ...reading(tag, name, args), ...rest };
  if (keepOld) query.placeholderData = keepPreviousData as never;
  return useQuery(query);
}
