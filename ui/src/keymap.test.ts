import { describe, expect, it } from "vitest";
import { isKey, isTyping, KEY_IDS, KEYMAP, keyLabel } from "./keymap";

const press = (key: string, extra: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key, ...extra });

describe("the keymap", () => {
  it("gives no key of one group to two acts", () => {
    for (const group of new Set(KEY_IDS.map((id) => KEYMAP[id].group))) {
      const keys = KEY_IDS.filter((id) => KEYMAP[id].group === group).flatMap((id) => [
        ...KEYMAP[id].keys,
      ]);
      expect(new Set(keys).size, group).toBe(keys.length);
    }
  });

  it("gives the keys of acts to nothing that listens beside them", () => {
    const beside = KEY_IDS.filter((id) => ["anywhere", "document"].includes(KEYMAP[id].group));
    const taken = new Set<string>(beside.flatMap((id) => [...KEYMAP[id].keys]));
    // Sending is the main act of the form that has the focus.
    const acts = KEY_IDS.filter((id) => KEYMAP[id].group === "act" && id !== "act.send");
    for (const key of acts.flatMap((id) => [...KEYMAP[id].keys])) expect(taken).not.toContain(key);
  });

  it("never binds Backspace, which Vietnamese input methods send while typing", () => {
    for (const id of KEY_IDS) expect(KEYMAP[id].keys.join(" ")).not.toMatch(/Backspace/i);
  });

  it("lets no key without Ctrl work in a text field", () => {
    for (const id of KEY_IDS) {
      const binding: { keys: readonly string[]; inFields?: boolean } = KEYMAP[id];
      if (binding.inFields === true) {
        for (const key of binding.keys) expect(key, id).toMatch(/^Mod\+/);
      }
    }
  });

  it("tells j from Ctrl+J and from J while an input method composes", () => {
    expect(isKey(press("j"), "list.next")).toBe(true);
    expect(isKey(press("j", { ctrlKey: true }), "list.next")).toBe(false);
    expect(isKey(press("j", { isComposing: true }), "list.next")).toBe(false);
  });

  it("takes ? with the Shift that its place on the keyboard needs", () => {
    expect(isKey(press("?", { shiftKey: true }), "help")).toBe(true);
    expect(isKey(press("F1"), "help")).toBe(true);
  });

  it("takes + and = for zooming in and Shift+Space only for scrolling up", () => {
    expect(isKey(press("+", { shiftKey: true }), "zoom.in")).toBe(true);
    expect(isKey(press("="), "zoom.in")).toBe(true);
    expect(isKey(press(" ", { shiftKey: true }), "page.next")).toBe(false);
    expect(isKey(press(" ", { shiftKey: true }), "page.previous")).toBe(true);
  });

  it("prints keys as they stand on keyboards", () => {
    expect(keyLabel("main")).toBe("Ctrl+Enter");
    expect(keyLabel("list.next")).toBe("J");
    expect(keyLabel("zoom.in")).toBe("+");
  });

  it("knows which elements own what is typed", () => {
    const box = document.createElement("input");
    expect(isTyping(box)).toBe(true);
    expect(isTyping(document.createElement("textarea"))).toBe(true);
    box.type = "checkbox";
    expect(isTyping(box)).toBe(false);
    expect(isTyping(document.createElement("button"))).toBe(false);
  });
});
