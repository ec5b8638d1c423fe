import "../styles/fonts.css";
import "../styles/tokens.css";
import "../styles/base.css";
import type { PinAnswer } from "../generated/types";
import { pin as en } from "../i18n/en.json";
import { pin as vi } from "../i18n/vi.json";
import { answerPin } from "../platform/pin";
import { button, element, facts, secret, tick } from "./elements";
import css from "./pin.module.css";
import { isReady, newPinProblem, type Typed, type Wanted } from "./rules";

/** The PIN window: a page of its own that knows one command. What is typed stays in its field
 * until it is handed over, and is wiped from it in the same breath. */
function open(root: HTMLElement, query: URLSearchParams): void {
  const fact = (name: string) => query.get(name) ?? "";
  const words = fact("lang") === "en" ? en : vi;
  const put = (text: string) =>
    text
      .replace("{{token}}", fact("token"))
      .replace("{{count}}", fact("count"))
      .replace("{{min}}", fact("min"))
      .replace("{{max}}", fact("max"));
  const mode = fact("mode") === "change" ? "change" : fact("mode") === "pad" ? "pad" : "sign";
  const wanted: Wanted = {
    mode,
    finalTry: fact("state") === "final_try",
    min: Number(fact("min")),
    max: Number(fact("max")),
  };
  const locked = fact("state") === "locked";
  const many = Number(fact("count")) > 1;
  document.documentElement.lang = fact("lang") === "en" ? "en" : "vi";
  document.documentElement.dataset.theme = isDark(fact("theme")) ? "dark" : "light";
  document.title = words.title;

  const pin = secret(put(mode === "change" ? words.old : words.label), "pin-input");
  const fresh = secret(put(wanted.max > 0 ? words.newLength : words.new), "pin-new");
  const again = secret(words.again, "pin-again");
  const { box: consent, row: consentRow } = tick(words.consent, "pin-consent");
  const rule = element("p", css.problem);
  rule.setAttribute("role", "status");
  const problem = element("p", css.problem);
  problem.setAttribute("role", "alert");
  const verb =
    mode === "change"
      ? words.change
      : mode === "pad"
        ? words.goOn
        : many
          ? words.signMany
          : words.submit;
  const submit = button(put(verb), css.main, "submit", "pin-submit");
  const closes = locked || (mode === "pad" && !wanted.finalTry);
  const cancel = button(closes ? words.close : words.cancel, css.plain, "button", "pin-cancel");

  const form = element("form", css.form);
  const acts = element("div", css.acts);
  const asks = !locked && (mode !== "pad" || wanted.finalTry);
  acts.append(cancel, ...(asks ? [submit] : []));
  const lead =
    mode === "change"
      ? words.leadChange
      : mode === "pad"
        ? words.leadPad
        : many
          ? words.leadMany
          : words.lead;
  const warning = locked
    ? words.locked
    : wanted.finalTry
      ? words.finalTry
      : fact("state") === "count_low"
        ? words.countLow
        : "";
  const warningBox = element("p", locked ? css.danger : css.warning, warning);
  warningBox.setAttribute("data-testid", "pin-warning");
  form.append(
    element("h1", css.lead, put(lead)),
    facts([
      [words.subject, fact("subject")],
      [many ? words.documents : words.document, many ? fact("count") : fact("document")],
    ]),
    ...(warning === "" ? [] : [warningBox]),
    ...(locked || mode === "pad" ? [] : pin.rows),
    ...(locked || mode !== "change" ? [] : [...fresh.rows, ...again.rows, rule]),
    ...(mode === "pad" && !locked ? [element("p", css.pad, words.pad)] : []),
    ...(asks && wanted.finalTry ? [consentRow] : []),
    problem,
    acts,
    element("p", css.note, locked ? "" : mode === "pad" ? words.padNote : words.note),
  );
  root.append(form);

  const typed = (): Typed => ({
    pin: pin.field.value,
    fresh: fresh.field.value,
    again: again.field.value,
    consent: consent.checked,
  });
  let handed = false;
  const ready = () => {
    submit.disabled = handed || !isReady(typed(), wanted);
    const wrong = mode === "change" ? newPinProblem(typed(), wanted) : null;
    rule.textContent = wrong === null ? "" : put(words.rule[wrong]);
  };
  const answer = async (say: Pick<PinAnswer, "pin" | "new_pin">) => {
    if (handed) return;
    handed = true;
    for (const { field } of [pin, fresh, again]) {
      field.value = "";
      field.disabled = true;
    }
    cancel.disabled = true;
    if (say.pin !== null) submit.textContent = words.busy;
    ready();
    try {
      await answerPin({ request: fact("request"), final_try_consent: consent.checked, ...say });
      window.close();
    } catch (thrown) {
      const code = (thrown as { code?: string } | null)?.code ?? "INTERNAL";
      problem.textContent = words.failed.replace("{{code}}", code);
      submit.textContent = put(verb);
    }
  };
  const stop = () => {
    consent.checked = false;
    void answer({ pin: null });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.disabled || !asks) return;
    const { pin: old, fresh: wish } = typed();
    if (mode === "pad") void answer({ pin: null });
    else void answer(mode === "change" ? { pin: old, new_pin: wish } : { pin: old });
  });
  cancel.addEventListener("click", stop);
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) stop();
  });
  form.addEventListener("input", ready);
  form.addEventListener("change", ready);
  ready();
  if (locked || mode === "pad") cancel.focus();
  else pin.field.focus();
}

function isDark(theme: string): boolean {
  if (theme === "dark" || theme === "light") return theme === "dark";
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

const root = document.getElementById("pin");
if (root !== null) open(root, new URLSearchParams(window.location.search));
