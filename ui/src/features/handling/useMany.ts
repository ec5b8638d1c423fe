import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { reading } from "../../api/query";
import type { HandlingActDto, HandlingDto } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { type ActKind, isWaitedFor } from "./acts";

/** The acts that make sense for several documents at once. */
export const MANY_ACTS = ["direct", "take_up", "file"] as const satisfies readonly ActKind[];
export type ManyAct = (typeof MANY_ACTS)[number];

/** What came of one of them. */
export interface Outcome {
  id: string;
  title: string;
  error: CommandError | null;
}

/** Several documents by id, with what they are called. */
export type Marks = ReadonlyMap<string, string>;

/** Asks what each of the chosen documents waits for and does one act on all that wait for it, one
 * after another; each has its own outcome, and one that is refused holds up no other. What was given
 * before is not given anew by an act on several. */
export function useMany(marks: Marks) {
  const client = useQueryClient();
  const [running, setRunning] = useState(false);
  const [outcomes, setOutcomes] = useState<Outcome[] | null>(null);
  const ids = [...marks.keys()];
  const standing = useQueries({
    queries: ids.map((id) => reading("documents", "document_handling", { id })),
    combine: (results) => results.map((result) => result.data),
  });
  const able = (act: ManyAct) => ids.filter((_, i) => isWaitedFor(act, standing[i]));

  const run = async (act: ManyAct, make: () => HandlingActDto): Promise<boolean> => {
    if (running) return false;
    setRunning(true);
    const done: Outcome[] = [];
    for (const id of able(act)) {
      const error = await host()
        .call("document_act", { document: id, act: make() })
        .then(
          () => null,
          (reason: unknown) => CommandError.from(reason),
        );
      // A field is wrong for all alike: nothing was recorded, and the form says so.
      if (error?.code === "ACT_FIELD" && done.length === 0) {
        setRunning(false);
        throw error;
      }
      done.push({ id, title: marks.get(id) ?? "", error });
    }
    setRunning(false);
    setOutcomes(done);
    void client.invalidateQueries({ queryKey: ["documents"] });
    void client.invalidateQueries({ queryKey: ["sync"] });
    return true;
  };
  return { standing, able, run, running, outcomes, forget: () => setOutcomes(null) };
}

/** Tells which of the chosen documents stand elsewhere than when they were chosen: somebody acted on
 * them, and they are no longer what was chosen. While something is open (`busy`) nothing is told. */
export function useMoved(
  marks: Marks,
  standing: ReadonlyArray<HandlingDto | undefined>,
  busy: boolean,
  onMoved: (ids: readonly string[]) => void,
): void {
  const chosen = useRef(new Map<string, string>());
  useEffect(() => {
    for (const id of chosen.current.keys()) if (!marks.has(id)) chosen.current.delete(id);
    const moved = [...marks.keys()].filter((id, i) => {
      const one = standing[i];
      if (one === undefined) return false;
      const now = [one.state, ...one.allowed].join(" ");
      const before = chosen.current.get(id) ?? now;
      chosen.current.set(id, before);
      return before !== now;
    });
    if (!busy && moved.length > 0) onMoved(moved);
  }, [marks, standing, busy, onMoved]);
}
