import css from "./pin.module.css";

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

/** Names and values; what has no value is left out. */
export function facts(rows: ReadonlyArray<readonly [string, string]>): HTMLElement {
  const list = element("dl", css.facts);
  for (const [name, value] of rows) {
    if (value !== "") list.append(element("dt", "", name), element("dd", "", value));
  }
  return list;
}

/** A hidden-text field below its label. */
export function secret(
  label: string,
  testId: string,
): { field: HTMLInputElement; rows: HTMLElement[] } {
  const field = element("input", css.field);
  field.type = "password";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.id = testId;
  field.setAttribute("data-testid", testId);
  const name = element("label", css.label, label);
  name.htmlFor = field.id;
  return { field, rows: [name, field] };
}

export function tick(text: string, testId: string): { box: HTMLInputElement; row: HTMLElement } {
  const box = element("input");
  box.type = "checkbox";
  box.setAttribute("data-testid", testId);
  const row = element("label", css.consent);
  row.append(box, text);
  return { box, row };
}

export function button(
  text: string,
  className: string | undefined,
  type: "submit" | "button",
  testId: string,
): HTMLButtonElement {
  const made = element("button", className, text);
  made.type = type;
  made.setAttribute("data-testid", testId);
  return made;
}
