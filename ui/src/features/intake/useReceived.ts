import { useState } from "react";
import { useRead } from "../../api/query";
import type { ReceivedDto } from "../../generated/types";

export interface Received {
  /** What came over the axis and waits, then what was registered here today. */
  entries: readonly ReceivedDto[];
  /** How much waits. */
  total: number;
  isClerk: boolean;
  loading: boolean;
  error: unknown;
  /** The document in sight. */
  current: ReceivedDto | undefined;
  select: (document: string) => void;
  isMarked: (document: string) => boolean;
  marked: number;
  mark: (document: string) => void;
  /** Marks all that wait; all marked, none. */
  markAll: () => void;
  /** What one act would register: the marked ones in their order, else the one in sight. */
  chosen: readonly string[];
  /** Forgets the marks. */
  clear: () => void;
}

/** What came over the axis: which document is in sight, and which ones the next act is for. */
export function useReceived(): Received {
  const { data, error, isPending } = useRead("documents", "received_list", {});
  const [at, setAt] = useState<string | null>(null);
  const [marks, setMarks] = useState<ReadonlySet<string>>(new Set());
  const waiting = data?.waiting ?? [];
  const entries = [...waiting, ...(data?.registered ?? [])];
  const current = entries.find((each) => each.document === at) ?? entries[0];
  const ids = waiting.map((each) => each.document);
  const marked = ids.filter((id) => marks.has(id));
  const inSight = current?.registered === null ? [current.document] : [];
  return {
    entries,
    total: data?.total ?? 0,
    isClerk: data?.is_clerk ?? false,
    loading: isPending,
    error,
    current,
    select: setAt,
    isMarked: (id) => marks.has(id),
    marked: marked.length,
    mark: (id) => {
      if (!ids.includes(id)) return;
      const next = new Set(marks);
      if (!next.delete(id)) next.add(id);
      setMarks(next);
    },
    markAll: () => setMarks(new Set(marked.length === ids.length ? [] : ids)),
    chosen: marked.length > 0 ? marked : inSight,
    clear: () => setMarks(new Set()),
  };
}
