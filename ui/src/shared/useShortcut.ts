import { useEffect, useRef } from "react";
import { type Binding, isKey, isTyping, KEYMAP, type KeyId } from "../keymap";

/** Runs `act` when a key of an `anywhere` binding is pressed and `enabled` holds. */
export function useShortcut(id: KeyId, act: () => void, enabled = true): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !isKey(event, id)) return;
      const binding: Binding = KEYMAP[id];
      if (isTyping(event.target) && binding.inFields !== true) return;
      if (insidePopup(event.target) || pressesButton(event)) return;
      event.preventDefault();
      if (event.repeat && binding.once === true) return;
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [id, enabled]);
}

/** Space and Enter alone press the button that has the focus. */
function pressesButton(event: KeyboardEvent): boolean {
  if (event.key !== " " && event.key !== "Enter") return false;
  if (event.ctrlKey || event.metaKey) return false;
  return (
    event.target instanceof Element &&
    event.target.closest('button, a, input, [role="radio"], [role="tab"]') !== null
  );
}

const POPUPS = ["[role=menu]", "[role=dialog]", "[role=listbox][data-popup]"];
/** What is closed stands until its place is cleared, and may still hold the focus. */
const OPEN_POPUP = POPUPS.map((popup) => `${popup}:not([data-closed])`).join(", ");

/** Menus and dialogs keep their keys to themselves, as long as they are open. */
function insidePopup(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OPEN_POPUP) !== null;
}
