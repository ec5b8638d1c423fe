import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { isKey, isTyping, type KeyId } from "../../keymap";

/** What the keys do while a file is read; what is missing is not bound. */
export type ViewerActs = Partial<Record<KeyId, (() => void) | undefined>>;

/** Keys that work wherever the focus is, as long as a file is open. */
const ANYWHERE = ["find.open", "print"] as const satisfies readonly KeyId[];

/** Runs the acts by their keys: all of them while the focus is in the viewer, and finding and
 * printing from everywhere. Of two viewers the one with the focus acts, else the first. */
export function useViewerKeys(root: RefObject<HTMLElement | null>, acts: ViewerActs) {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const id = ANYWHERE.find((each) => isKey(event, each));
      const act = id === undefined ? undefined : latest.current[id];
      if (act === undefined || root.current !== chosenViewer() || inDialog(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before the list's own search, which has the same key where no file is open.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [root]);

  return (event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target)) return;
    const ids = Object.keys(acts) as KeyId[];
    const id = ids.find((each) => isKey(event.nativeEvent, each));
    const act = id === undefined ? undefined : acts[id];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}

/** The viewer with the focus, else the first on the screen. */
function chosenViewer(): Element | null {
  const focused = document.activeElement?.closest("[data-viewer-root]");
  return focused ?? document.querySelector("[data-viewer-root]");
}

function inDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="menu"], [role="dialog"]') !== null;
}
