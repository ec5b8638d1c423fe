import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRead } from "../../api/query";
import type { BatchArgs, BatchStage, BatchView } from "../../generated/types";
import { host } from "../../platform";

/** Also asked between change events: a document can be signed faster than they are gathered. */
const ASK_EVERY_MS = 300;

/** Whether the batch works (or waits for the PIN) now. */
function isRunning(stage: BatchStage): boolean {
  switch (stage) {
    case "CHECKING":
    case "WAITING_FOR_PIN":
    case "SIGNING":
    case "STOPPING":
      return true;
    case "FINISHED":
    case "STOPPED":
    case "INTERRUPTED":
      return false;
  }
}

/** The batch under way, or the last one that nobody has closed; and what can be done with it. */
export function useBatch() {
  const client = useQueryClient();
  const view = useRead("signing", "batch_view", {});
  const batch: BatchView | null = view.data?.batch ?? null;
  const running = batch !== null && isRunning(batch.stage);
  useRead("signing", "batch_view", {}, { refetchInterval: running ? ASK_EVERY_MS : false });

  const settled = () =>
    Promise.all(
      ["signing", "documents", "token"].map((tag) => client.invalidateQueries({ queryKey: [tag] })),
    );
  const options = { onSettled: settled };
  const sign = useMutation({
    mutationFn: (args: BatchArgs) => host().call("batch_sign", args),
    ...options,
  });
  const cancel = useMutation({ mutationFn: () => host().call("batch_cancel", {}), ...options });
  const resume = useMutation({
    mutationFn: (id: string) => host().call("batch_resume", { id }),
    ...options,
  });
  const dismiss = useMutation({
    mutationFn: (id: string) => host().call("batch_dismiss", { id }),
    ...options,
  });
  return { batch, running, known: view.data !== undefined, sign, cancel, resume, dismiss };
}

export type BatchControl = ReturnType<typeof useBatch>;
