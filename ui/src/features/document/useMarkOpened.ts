import { useEffect } from "react";
import { host } from "../../platform";

/** Passing over a document with the arrow keys is not reading it; staying this long is. */
const STAY_MS = 900;

/** Tells the core that the user has opened the document. */
export function useMarkOpened(id: string, unread: boolean): void {
  useEffect(() => {
    if (!unread) return;
    const timer = setTimeout(() => {
      host()
        .call("document_opened", { id })
        .catch(() => undefined);
    }, STAY_MS);
    return () => clearTimeout(timer);
  }, [id, unread]);
}
