/** The one table of keys: menus, tooltips, the help sheet, the listeners and the tests read it.
 *
 * `Mod` is Ctrl, or Command on a Mac. No binding fires while the focus is in a text field or an
 * input method is composing, except those marked `inFields`. Backspace is never bound: Vietnamese
 * input methods on Windows send it while they rewrite a syllable. */

export const KEY_GROUPS = [
  "anywhere",
  "list",
  "tray",
  "intake",
  "pages",
  "document",
  "act",
  "people",
  "placement",
  "opinion",
] as const;
type KeyGroup = (typeof KEY_GROUPS)[number];

export interface Binding {
  readonly keys: readonly string[];
  readonly group: KeyGroup;
  readonly inFields?: boolean;
  /** Held down it works only once: what it does is done to a document, not gone through. */
  readonly once?: boolean;
}

export const KEYMAP = {
  "section.incoming": { keys: ["Mod+1"], group: "anywhere", inFields: true },
  "section.outgoing": { keys: ["Mod+2"], group: "anywhere", inFields: true },
  "section.to_sign": { keys: ["Mod+3"], group: "anywhere", inFields: true },
  "section.scan": { keys: ["Mod+4"], group: "anywhere", inFields: true },
  "section.book": { keys: ["Mod+5"], group: "anywhere", inFields: true },
  "section.sync": { keys: ["Mod+6"], group: "anywhere", inFields: true },
  "section.settings": { keys: ["Mod+7"], group: "anywhere", inFields: true },
  "section.search": { keys: ["Mod+8"], group: "anywhere", inFields: true },
  "section.dossiers": { keys: ["Mod+9"], group: "anywhere", inFields: true },
  "section.tasks": { keys: ["Mod+0"], group: "anywhere", inFields: true },
  "section.statistics": { keys: ["Mod+Shift+k"], group: "anywhere", inFields: true },
  lock: { keys: ["Mod+Shift+l"], group: "anywhere", inFields: true },
  palette: { keys: ["Mod+k"], group: "anywhere", inFields: true },
  "draft.new": { keys: ["Mod+d"], group: "anywhere", inFields: true },
  search: { keys: ["/", "Mod+f"], group: "anywhere" },
  "list.next": { keys: ["j"], group: "anywhere" },
  "list.previous": { keys: ["k"], group: "anywhere" },
  main: { keys: ["Mod+Enter"], group: "anywhere", once: true },
  panel: { keys: ["i"], group: "anywhere" },
  opinion: { keys: ["o"], group: "anywhere" },
  compare: { keys: ["c"], group: "anywhere" },
  "format.open": { keys: ["Shift+f"], group: "anywhere" },
  "dossier.add": { keys: ["Shift+h"], group: "anywhere" },
  "task.give": { keys: ["Shift+v"], group: "anywhere", once: true },
  back: { keys: ["Escape"], group: "anywhere" },
  help: { keys: ["F1", "?"], group: "anywhere" },
  "list.down": { keys: ["ArrowDown"], group: "list" },
  "list.up": { keys: ["ArrowUp"], group: "list" },
  "list.first": { keys: ["Home"], group: "list" },
  "list.last": { keys: ["End"], group: "list" },
  "list.open": { keys: ["Enter"], group: "list" },
  "list.mark": { keys: ["Space"], group: "list" },
  "list.markDown": { keys: ["Shift+ArrowDown"], group: "list" },
  "list.markUp": { keys: ["Shift+ArrowUp"], group: "list" },
  "list.unmark": { keys: ["Escape"], group: "list" },
  "tray.mark": { keys: ["Space"], group: "tray" },
  "tray.down": { keys: ["PageDown"], group: "tray" },
  "tray.up": { keys: ["PageUp"], group: "tray" },
  "tray.unread": { keys: ["u"], group: "tray" },
  "tray.sign": { keys: ["Mod+Enter"], group: "tray" },
  "intake.accept": { keys: ["Enter"], group: "intake" },
  "intake.acceptAll": { keys: ["Mod+Enter"], group: "intake", inFields: true },
  "intake.next": { keys: ["Mod+ArrowDown"], group: "intake", inFields: true },
  "intake.previous": { keys: ["Mod+ArrowUp"], group: "intake", inFields: true },
  "intake.pages": { keys: ["Mod+g"], group: "intake", inFields: true },
  "intake.undo": { keys: ["Mod+z"], group: "intake" },
  "intake.add": { keys: ["Mod+o"], group: "intake", inFields: true },
  "intake.register": { keys: ["Mod+Shift+Enter"], group: "intake", inFields: true },
  "pages.mark": { keys: ["Space"], group: "pages" },
  "pages.split": { keys: ["s"], group: "pages" },
  "pages.merge": { keys: ["m"], group: "pages" },
  "pages.turn": { keys: ["r"], group: "pages" },
  "pages.turnBack": { keys: ["Shift+r"], group: "pages" },
  "pages.straighten": { keys: ["d"], group: "pages" },
  "pages.earlier": { keys: ["Shift+ArrowUp"], group: "pages" },
  "pages.later": { keys: ["Shift+ArrowDown"], group: "pages" },
  "pages.take": { keys: ["x"], group: "pages" },
  "pages.put": { keys: ["p"], group: "pages" },
  "pages.remove": { keys: ["Delete"], group: "pages" },
  "zoom.in": { keys: ["+", "="], group: "document" },
  "zoom.out": { keys: ["-"], group: "document" },
  "zoom.fit": { keys: ["0"], group: "document" },
  "zoom.page": { keys: ["2"], group: "document" },
  "zoom.actual": { keys: ["1"], group: "document" },
  "view.turn": { keys: ["r"], group: "document" },
  "view.turnBack": { keys: ["Shift+r"], group: "document" },
  "view.strip": { keys: ["t"], group: "document" },
  "page.go": { keys: ["g"], group: "document" },
  "find.open": { keys: ["Mod+f"], group: "document", inFields: true },
  "find.next": { keys: ["F3"], group: "document" },
  "find.previous": { keys: ["Shift+F3"], group: "document" },
  "diff.next": { keys: ["]"], group: "document" },
  "diff.previous": { keys: ["["], group: "document" },
  "note.add": { keys: ["Shift+g"], group: "document" },
  print: { keys: ["Mod+p"], group: "document", inFields: true },
  "page.next": { keys: ["PageDown", "Space"], group: "document" },
  "page.previous": { keys: ["PageUp", "Shift+Space"], group: "document" },
  "act.direct": { keys: ["b"], group: "act", once: true },
  "act.assign": { keys: ["p"], group: "act", once: true },
  "act.take_up": { keys: ["n"], group: "act", once: true },
  "act.resolve": { keys: ["h"], group: "act", once: true },
  "act.file": { keys: ["l"], group: "act", once: true },
  "act.ask_extension": { keys: ["x"], group: "act", once: true },
  "act.answer_extension": { keys: ["e"], group: "act", once: true },
  "act.hand_over": { keys: ["a"], group: "act", once: true },
  "act.return": { keys: ["v"], group: "act", once: true },
  "act.refuse": { keys: ["q"], group: "act", once: true },
  "act.answer_recall": { keys: ["w"], group: "act", once: true },
  "act.submit": { keys: ["s"], group: "act", once: true },
  "act.approve": { keys: ["d"], group: "act", once: true },
  "act.check_format": { keys: ["f"], group: "act", once: true },
  "act.initial": { keys: ["y"], group: "act", once: true },
  "act.revise": { keys: ["m"], group: "act", once: true },
  "act.take_back": { keys: ["u"], group: "act", once: true },
  "act.discard": { keys: ["z"], group: "act", once: true },
  "act.number": { keys: ["Shift+n"], group: "act", once: true },
  "act.issue": { keys: ["Shift+p"], group: "act", once: true },
  "act.recall": { keys: ["Shift+l"], group: "act", once: true },
  "act.mail": { keys: ["Shift+m"], group: "act", once: true },
  "act.lend": { keys: ["Shift+b"], group: "act", once: true },
  "act.take_in": { keys: ["Shift+y"], group: "act", once: true },
  "act.copy": { keys: ["Shift+c"], group: "act", once: true },
  "act.correct": { keys: ["Shift+d"], group: "act", once: true },
  "act.replace": { keys: ["Shift+t"], group: "act", once: true },
  "act.undo": { keys: ["Mod+z"], group: "act", once: true },
  "act.send": { keys: ["Mod+Enter"], group: "act", inFields: true },
  "act.phrases": { keys: ["Mod+j"], group: "act", inFields: true },
  "people.lead": { keys: ["1"], group: "people" },
  "people.support": { keys: ["2"], group: "people" },
  "people.inform": { keys: ["3"], group: "people" },
  "people.none": { keys: ["0"], group: "people" },
  "people.cycle": { keys: ["Space", "Enter"], group: "people" },
  "placement.left": { keys: ["ArrowLeft"], group: "placement" },
  "placement.right": { keys: ["ArrowRight"], group: "placement" },
  "placement.up": { keys: ["ArrowUp"], group: "placement" },
  "placement.down": { keys: ["ArrowDown"], group: "placement" },
  "placement.wider": { keys: ["Mod+ArrowRight"], group: "placement" },
  "placement.narrower": { keys: ["Mod+ArrowLeft"], group: "placement" },
  "placement.taller": { keys: ["Mod+ArrowDown"], group: "placement" },
  "placement.lower": { keys: ["Mod+ArrowUp"], group: "placement" },
  "note.write": { keys: ["Enter"], group: "placement" },
  "opinion.send": { keys: ["Mod+Enter"], group: "opinion", inFields: true },
} as const satisfies Record<string, Binding>;

export type KeyId = keyof typeof KEYMAP;
export const KEY_IDS = Object.keys(KEYMAP) as KeyId[];

const IS_MAC = typeof navigator !== "undefined" && /Mac/.test(navigator.platform);

type Pressed = Pick<
  KeyboardEvent,
  "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing"
>;

/** Whether the event is one of the keys of that binding. */
export function isKey(event: Pressed, id: KeyId): boolean {
  if (event.isComposing) return false;
  return KEYMAP[id].keys.some((spec) => pressed(event, spec));
}

function pressed(event: Pressed, spec: string): boolean {
  const parts = spec.split("+").filter((part) => part !== "");
  const key = spec.endsWith("+") ? "+" : (parts.at(-1) ?? "");
  const mod = parts.includes("Mod");
  const shift = parts.includes("Shift");
  if (event.altKey || (IS_MAC ? event.metaKey : event.ctrlKey) !== mod) return false;
  const actual = event.key === " " ? "Space" : event.key;
  // A printable sign such as `?` or `+` brings its own Shift on most layouts.
  const ownsShift = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!ownsShift && event.shiftKey !== shift) return false;
  return key.length === 1 ? actual.toLowerCase() === key : actual === key;
}

/** Whether what is typed belongs to the focused element and to nothing else. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !["button", "checkbox", "radio", "submit"].includes(target.type);
}

/** The first key of a binding as printed on keys: `Ctrl+Enter`, `J`, `↓`. */
export function keyLabel(id: KeyId): string {
  return keyLabels(id)[0] ?? "";
}

/** All keys of a binding, as printed on keys. */
export function keyLabels(id: KeyId): string[] {
  return KEYMAP[id].keys.map((spec) => {
    if (spec === "+") return "+";
    return spec
      .split("+")
      .map((part) => PRINTED[part] ?? (part.length === 1 ? part.toUpperCase() : part))
      .join("+");
  });
}

const PRINTED: Record<string, string> = {
  Mod: IS_MAC ? "⌘" : "Ctrl",
  ArrowDown: "↓",
  ArrowUp: "↑",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
};
