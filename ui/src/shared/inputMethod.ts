type Pressed = Pick<KeyboardEvent, "isComposing" | "keyCode">;

/** What every browser reports for a key that an input method has taken. */
const TAKEN = 229;

/** Whether a key belongs to an input method and to nobody else. WebKit ends a composition before it
 * tells of the key that ended it: such a key composes nothing any more and is known by its number. */
function isOfInputMethod(event: Pressed): boolean {
  return event.isComposing || event.keyCode === TAKEN;
}

/** Keeps the keys of an input method from everything in the window that listens for keys. To be called
 * before anything else listens; returns how to stop. */
export function keepKeysOfInputMethods(window: Window): () => void {
  const keep = (event: KeyboardEvent) => {
    if (isOfInputMethod(event)) event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}
