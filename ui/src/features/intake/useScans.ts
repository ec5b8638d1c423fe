import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { host } from "../../platform";

/** Taking scans in: dropped on the window or chosen. Whoever drops is taken to the inbox. */
export function useScans(onDropped: () => void) {
  const client = useQueryClient();
  const [over, setOver] = useState(false);
  const take = useMutation({
    mutationFn: (taken: Promise<void>) => taken,
    onSettled: () => client.invalidateQueries({ queryKey: ["intake"] }),
  });
  const { mutate } = take;
  useEffect(
    () =>
      host().followDrops({
        over: setOver,
        dropped: (taken) => {
          onDropped();
          mutate(taken);
        },
      }),
    [mutate, onDropped],
  );
  return {
    over,
    choose: () => mutate(host().chooseScans()),
    error: take.error,
    taking: take.isPending,
  };
}

export type Scans = ReturnType<typeof useScans>;
