import { useRef, useState } from "react";
import { CommandError, host } from "../../platform";
import type { PrintJob } from "./PrintSheets";
import type { PageRange } from "./printing";

/** How far a print is: nothing yet, pictures coming, given to the system. */
export type PrintStage =
  | { at: "choosing" }
  | { at: "preparing"; job: PrintJob; ready: number; count: number }
  | { at: "given"; job: PrintJob };

/** Prints pages of a file: recorded first, then drawn, then given to the system's own dialog. The
 * sheets stay until the print is closed: some systems read them while they print. */
export function usePrint(document: string, sha256: string) {
  const [stage, setStage] = useState<PrintStage>({ at: "choosing" });
  const [error, setError] = useState<CommandError | null>(null);
  const ready = useRef(new Set<number>());
  const run = useRef(0);

  const start = async (range: PageRange) => {
    const own = ++run.current;
    setError(null);
    ready.current = new Set();
    try {
      const mark = await host().call("print_mark", { document, sha256, ...range });
      if (run.current !== own) return;
      const job: PrintJob = { sha256, mark, range };
      setStage({ at: "preparing", job, ready: 0, count: range.last - range.first + 1 });
    } catch (thrown) {
      if (run.current === own) setError(CommandError.from(thrown));
    }
  };
  const give = (job: PrintJob) => {
    setStage({ at: "given", job });
    host()
      .print()
      .catch((thrown) => setError(CommandError.from(thrown)));
  };
  return {
    stage,
    error,
    start,
    /** Opens the system's dialog once more, with the same sheets. */
    again: give,
    onReady: (page: number) => {
      if (stage.at !== "preparing") return;
      ready.current.add(page);
      if (ready.current.size < stage.count) {
        setStage({ ...stage, ready: ready.current.size });
      } else {
        give(stage.job);
      }
    },
    onFailed: (page: number) => {
      run.current++;
      setStage({ at: "choosing" });
      setError(new CommandError("PAGE_FAILED", { page: String(page + 1) }));
    },
    stop: () => {
      run.current++;
      setStage({ at: "choosing" });
      setError(null);
    },
  };
}
