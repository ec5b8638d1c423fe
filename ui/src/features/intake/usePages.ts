import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PagesAct } from "../../generated/types";
import { host } from "../../platform";

/** Work on pages and stacks: each act can be undone. */
export function usePages() {
  const client = useQueryClient();
  const settled = () => client.invalidateQueries({ queryKey: ["intake"] });
  const act = useMutation({
    mutationFn: (args: PagesAct) => host().call("intake_pages", args),
    onSettled: settled,
  });
  const undo = useMutation({
    mutationFn: () => host().call("intake_undo", {}),
    onSettled: settled,
  });
  return { act, undo };
}

export type PageWork = ReturnType<typeof usePages>;

/** The old places of the pages, in the order after `page` went one place up or down. */
export function moved(count: number, page: number, by: 1 | -1): number[] | null {
  const to = page + by;
  if (to < 0 || to >= count) return null;
  const order = Array.from({ length: count }, (_, i) => i);
  order[page] = to;
  order[to] = page;
  return order;
}

/** The same after `page` was dragged in front of `before` (`count` = to the end). */
export function dragged(count: number, page: number, before: number): number[] | null {
  if (before === page || before === page + 1) return null;
  const rest = Array.from({ length: count }, (_, i) => i).filter((each) => each !== page);
  const at = before > page ? before - 1 : before;
  return [...rest.slice(0, at), page, ...rest.slice(at)];
}
