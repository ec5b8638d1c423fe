import "../styles/fonts.css";
import "../styles/tokens.css";
import "../styles/base.css";
import { pin as en } from "../i18n/en.json";
import { pin as vi } from "../i18n/vi.json";
import { answerPin } from "../platform/pin";
import css from "./pin.module.css";

/** The PIN window: a page of its own that knows one command. The PIN stays in the field until it
 * is handed over, and is wiped from it in the same breath. */
function open(root: HTMLElement, query: URLSearchParams): void {
  const fact = (name: string) => query.get(name) ?? "";
  const words = fact("lang") === "en" ? en : vi;
  const finalTry = fact("state") === "final_try";
  const token = fact("token");
  document.documentElement.lang = fact("lang") === "en" ? "en" : "vi";
  document.documentElement.dataset.theme = isDark(fact("theme")) ? "dark" : "light";
  document.title = words.title;

  const form = element("form", css.form);
  const field = element("input", css.field);
  field.type = "password";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.id = "pin-field";
  field.setAttribute("data-testid", "pin-input");
  const label = element("label", css.label, words.label.replace("{{token}}", token));
  label.htmlFor = field.id;
  const consent = element("input");
  consent.type = "checkbox";
  consent.setAttribute("data-testid", "pin-consent");
  const submit = button(words.submit, css.main, "submit", "pin-submit");
  const cancel = button(words.cancel, css.plain, "button", "pin-cancel");
  const problem = element("p", css.problem);
  problem.setAttribute("role", "alert");

  const warning = finalTry ? words.finalTry : fact("state") === "count_low" ? words.countLow : "";
  const acts = element("div", css.acts);
  acts.append(cancel, submit);
  form.append(
    element("p", css.lead, words.lead.replace("{{token}}", token)),
    facts([
      [words.subject, fact("subject")],
      [words.document, fact("document")],
    ]),
    ...(warning === "" ? [] : [element("p", css.warning, warning)]),
    label,
    field,
    ...(finalTry ? [agree(consent, words.consent)] : []),
    problem,
    acts,
    element("p", css.note, words.note),
  );
  root.append(form);

  let handed = false;
  const ready = () => {
    submit.disabled = handed || field.value === "" || (finalTry && !consent.checked);
  };
  const answer = async (pin: string | null) => {
    if (handed) return;
    handed = true;
    field.value = "";
    field.disabled = true;
    cancel.disabled = true;
    if (pin !== null) submit.textContent = words.busy;
    ready();
    try {
      await answerPin({ request: fact("request"), pin, final_try_consent: consent.checked });
      window.close();
    } catch (thrown) {
      const code = (thrown as { code?: string } | null)?.code ?? "INTERNAL";
      problem.textContent = words.failed.replace("{{code}}", code);
      submit.textContent = words.submit;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!submit.disabled) void answer(field.value);
  });
  cancel.addEventListener("click", () => void answer(null));
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) void answer(null);
  });
  field.addEventListener("input", ready);
  consent.addEventListener("change", ready);
  ready();
  field.focus();
}

function isDark(theme: string): boolean {
  if (theme === "dark" || theme === "light") return theme === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function facts(rows: ReadonlyArray<readonly [string, string]>): HTMLElement {
  const list = element("dl", css.facts);
  for (const [name, value] of rows) {
    if (value !== "") list.append(element("dt", "", name), element("dd", "", value));
  }
  return list;
}

function agree(box: HTMLInputElement, text: string): HTMLElement {
  const label = element("label", css.consent);
  label.append(box, text);
  return label;
}

function button(
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

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.textContent = text;
  return made;
}

const root = document.getElementById("pin");
if (root !== null) open(root, new URLSearchParams(window.location.search));
