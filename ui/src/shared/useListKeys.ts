import type { KeyboardEvent } from "react";
import { isKey } from "../keymap";
import { useShortcut } from "./useShortcut";

interface ListKeys {
  /** The entry that is chosen; below 0 for none. */
  at: number;
  count: number;
  /** Chooses an entry; never one that is not there. */
  onMove: (to: number) => void;
  onOpen: () => void;
  /** Keys of this list alone; says whether the key was one. */
  onOther?: (key: globalThis.KeyboardEvent) => boolean;
}

/** The keys of a list that is one tab stop: up, down, first, last, open; and the next and the previous
 * entry from anywhere in the window. The answer belongs to the list's own element. */
export function useListKeys({ at, count, onMove, onOpen, onOther }: ListKeys) {
  const move = (to: number) => {
    if (count > 0) onMove(Math.max(0, Math.min(count - 1, to)));
  };
  useShortcut("list.next", () => move(at + 1));
  useShortcut("list.previous", () => move(at - 1));
  return (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    if (isKey(key, "list.down")) move(at + 1);
    else if (isKey(key, "list.up")) move(at - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(count - 1);
    else if (isKey(key, "list.open")) onOpen();
    else if (onOther?.(key) !== true) return;
    event.preventDefault();
  };
}
