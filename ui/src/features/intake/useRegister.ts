import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useRead } from "../../api/query";
import type { RegisterDefaults, RegisterOptions } from "../../generated/types";
import { host } from "../../platform";
import { todayHere } from "./days";

export interface Register {
  options: RegisterOptions | undefined;
  error: unknown;
  /** What holds for all letters of this batch. */
  values: RegisterDefaults;
  change: (values: Partial<RegisterDefaults>) => void;
  run: ReturnType<typeof useRun>;
}

const EMPTY: RegisterDefaults = {
  book: "",
  received_on: "",
  present_to: null,
  stamp: true,
  sign: false,
};

function useRun(documents: readonly string[] | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (defaults: RegisterDefaults) =>
      documents === undefined
        ? host().call("intake_register", { letters: [], defaults })
        : host().call("received_register", { documents: [...documents], defaults }),
    onSettled: () =>
      Promise.all(
        ["intake", "documents", "signing"].map((tag) =>
          client.invalidateQueries({ queryKey: [tag] }),
        ),
      ),
  });
}

/** Registering all confirmed letters, or documents that came over the axis: the values of the batch are
 * as last time until changed. */
export function useRegister(documents?: readonly string[]): Register {
  const { data, error } = useRead("intake", "register_options", {});
  const [changed, setChanged] = useState<Partial<RegisterDefaults>>({});
  const run = useRun(documents);
  const known = data?.defaults ?? EMPTY;
  const values = {
    ...known,
    // A day of arrival is of one batch only: the next one begins with today again.
    received_on: todayHere(),
    book: known.book || (data?.books[0]?.book ?? ""),
    ...changed,
  };
  return {
    options: data,
    error,
    values,
    change: (more) => setChanged((old) => ({ ...old, ...more })),
    run,
  };
}
