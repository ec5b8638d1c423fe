import { useEffect, useState } from "react";
import { useRead } from "../../api/query";
import type { DocumentRow, DocumentView } from "../../generated/types";

/** A pause in typing as long as this starts the search. */
const PAUSE_MS = 90;
/** More than these are looked for in the lists. */
const ROWS = 6;

interface Found {
  incoming: readonly DocumentRow[];
  outgoing: readonly DocumentRow[];
  /** What is typed has not been answered yet. */
  looking: boolean;
  error: unknown;
}

/** The documents that the core finds for what is typed; never an answer to an older text. */
export function useFound(text: string): Found {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const incoming = useSearch("incoming_all", settled);
  const outgoing = useSearch("outgoing_all", settled);
  const asked = text !== "" && settled === text;
  return {
    incoming: (asked ? incoming.data?.rows : undefined) ?? [],
    outgoing: (asked ? outgoing.data?.rows : undefined) ?? [],
    looking: text !== "" && (!asked || incoming.isPending || outgoing.isPending),
    error: asked ? (incoming.error ?? outgoing.error) : null,
  };
}

function useSearch(view: DocumentView, search: string) {
  const query = { view, search, after: null, skip: 0, limit: ROWS };
  return useRead("documents", "documents_list", query, { enabled: search !== "" });
}
