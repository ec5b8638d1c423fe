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

/** Longer an input method does not take to say what it makes of a syllable, in milliseconds. */
const LATEST = 300;
/** Ends that are older than this are no work of the press, in milliseconds. */
const RECENT = 100;
const FOCUSABLE = "input, textarea, select, button, a[href], [tabindex], [contenteditable='true']";

/** Keeps a syllable in its field when another place is pressed while it is composed. WebKitGTK takes it
 * out of the field on a press and asks the input method, which gives it back as ended; where that comes
 * after the press, it would stand in the field that was pressed. So the focus stays until it is there.
 * Returns how to stop. */
export function keepSyllablesInTheirFields(window: Window): () => void {
  let taken: { field: HTMLElement; at: number } | null = null;
  const ended = (event: CompositionEvent) => {
    const isField = event.target instanceof HTMLElement;
    taken = isField && event.data === "" ? { field: event.target, at: event.timeStamp } : null;
  };
  const given = () => {
    taken = null;
  };
  const pressed = (event: MouseEvent) => {
    const last = taken;
    taken = null;
    if (last === null || event.timeStamp - last.at > RECENT) return;
    const { field } = last;
    if (document.activeElement !== field || !(event.target instanceof Element)) return;
    if (field.contains(event.target)) return;
    const next = event.target.closest<HTMLElement>(FOCUSABLE);
    event.preventDefault();
    const go = () => {
      clearTimeout(late);
      field.removeEventListener("input", go);
      if (document.activeElement === field) {
        if (next === null) field.blur();
        else next.focus();
      }
    };
    const late = setTimeout(go, LATEST);
    field.addEventListener("input", go);
  };
  window.addEventListener("compositionend", ended, true);
  window.addEventListener("compositionstart", given, true);
  window.addEventListener("input", given, true);
  window.addEventListener("mousedown", pressed, true);
  return () => {
    window.removeEventListener("compositionend", ended, true);
    window.removeEventListener("compositionstart", given, true);
    window.removeEventListener("input", given, true);
    window.removeEventListener("mousedown", pressed, true);
  };
}
