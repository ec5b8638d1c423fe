import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { reading, useRead } from "../../api/query";
import type { AccountDto, HandlingActDto, OfficePersonDto } from "../../generated/types";
import { isKey, isTyping } from "../../keymap";
import { CommandError } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { formatDate } from "../../shared/format";
import { Segmented } from "../../shared/Segmented";
import { type Option, SuggestField } from "../../shared/SuggestField";
import { useNamedDays } from "../calendar/useNamedDays";
import { todayHere } from "../intake/days";
import css from "./ActForm.module.css";
import type { ActFormKind } from "./acts";
import { DueField } from "./DueField";
import { parseDue } from "./days";
import { type ActDraft, actOf, type Part, useActDraft } from "./draft";
import { OwnDeadlines } from "./OwnDeadlines";
import { PeopleField } from "./PeopleField";
import { phraseKind } from "./phrases";
import { WordsField } from "./WordsField";

/** What each act asks for. */
const OFFERED: Partial<Record<ActFormKind, readonly Part[]>> = {
  direct: ["lead", "support", "inform"],
  assign: ["lead", "support"],
  hand_over: ["lead"],
  submit: ["lead", "support"],
  check_format: ["lead", "support"],
};
/** Acts whose parts have names of their own: who approves and who is asked, who signs and who
 * initials. */
const OWN_PARTS: readonly ActFormKind[] = ["submit", "check_format"];
/** What somebody must be in the office to lead, where that is asked. */
const LEADS: Partial<Record<ActFormKind, readonly string[]>> = {
  submit: ["head", "leader"],
  check_format: ["leader"],
};
/** Where each who leads or supports may have a deadline of their own. */
const WITH_OWN: readonly ActFormKind[] = ["direct", "assign"];
const WITH_DUE: readonly ActFormKind[] = ["direct", "assign", "ask_extension"];
/** Between two answers, or with and without a document that answers. */
const TWO_WAYS: readonly ActFormKind[] = ["resolve", "answer_extension", "answer_recall"];
/** Only within the person's own units. */
const IN_UNIT: readonly ActFormKind[] = ["assign", "hand_over"];
/** What the sender over the axis is told. */
const TOLD: readonly ActFormKind[] = ["refuse", "answer_recall"];

/** By which names the core calls what is in a field here. */
const FIELDS_OF: Record<keyof ActDraft, readonly string[]> = {
  parts: ["lead", "supports", "informed", "to", "signer", "initials"],
  due: ["due"],
  own: ["deadlines"],
  text: ["text", "reason", "dossier"],
  yes: ["agreed", "reply", "text", "reason"],
  reply: ["reply"],
};

/** The catalogue's word for what is wrong: what one act allows, another does not. */
function problemOf(kind: ActFormKind, field: string): "act.problem.lead" {
  let word = field;
  if (kind === "ask_extension" && field === "due") word = "until";
  if (kind === "answer_extension" && field === "text") word = "answer";
  if (kind === "submit" && field === "to") word = "reviewer";
  return `act.problem.${word}` as "act.problem.lead";
}

/** Whom an act may name, those who may lead before the others and the own unit first. */
function peopleFor(
  kind: ActFormKind,
  office: readonly OfficePersonDto[],
  account: AccountDto | null,
): readonly OfficePersonDto[] {
  const isOwn = ({ unit_code: code }: OfficePersonDto) =>
    account?.posts.some(({ agency_code: own }) => code === own || code.startsWith(`${own}.`)) ===
    true;
  if (IN_UNIT.includes(kind)) return office.filter(isOwn);
  const leads = LEADS[kind];
  if (leads === undefined) return office;
  const rank = (one: OfficePersonDto) => (leads.includes(one.role) ? 0 : 2) + (isOwn(one) ? 0 : 1);
  return office.toSorted((a, b) => rank(a) - rank(b));
}

function peopleLabel(kind: ActFormKind) {
  if (kind === "hand_over") return "act.field.to" as const;
  return OWN_PARTS.includes(kind)
    ? (`act.field.${kind as "submit"}` as const)
    : ("act.field.people" as const);
}

/** The field after this one gets the focus. */
function goOn(form: HTMLElement | null, from: HTMLElement) {
  const fields = "input:not([type=radio]), textarea, [role=listbox][tabindex]";
  const all = [...(form?.querySelectorAll<HTMLElement>(fields) ?? [])];
  all[all.indexOf(from) + 1]?.focus();
}

interface ActFormProps {
  kind: ActFormKind;
  /** Under which name what is filled in is kept; none where it goes with the form. */
  draftKey: string | null;
  account: AccountDto | null;
  /** This person's deadline, which stays where none is given. */
  dueAt: number | null;
  busy: boolean;
  error: unknown;
  /** What its words are called, where this document has another name for them. */
  wordsLabel?: string;
  /** The word on the button that does it. */
  submit: string;
  /** Whether it was done: then the draft goes. */
  onSubmit: (act: HandlingActDto) => Promise<boolean>;
  onClose: () => void;
}

/** The fields of an act. What is missing or wrong is said at its field, by the core's word. */
export function ActForm(props: ActFormProps) {
  const { kind, draftKey, account, dueAt, busy, error, onSubmit, onClose } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const { value, kept, change, keep, clear } = useActDraft(draftKey, kind);
  const { data: office, error: unread, refetch } = useRead("session", "office_people", {});
  const known = office !== undefined || unread !== null;
  const root = useRef<HTMLFormElement>(null);
  /** What the face itself cannot send: a deadline that is no day, a reply that was not chosen. */
  const [unsent, setUnsent] = useState<string | null>(null);
  const refused = error == null ? null : CommandError.from(error);
  // What was said of a field no longer holds when the field is another.
  const [mended, setMended] = useState(false);
  const said = unsent ?? (refused?.code === "ACT_FIELD" ? (refused.args.field ?? "") : null);
  const faulty = mended ? null : said;
  const edit = (patch: Partial<ActDraft>) => {
    const fields = Object.keys(patch).flatMap((key) => FIELDS_OF[key as keyof ActDraft]);
    if (faulty !== null && fields.includes(faulty)) setMended(true);
    change(patch);
  };
  // The people are many and drawn anew only when something of theirs is another.
  const latest = useRef(edit);
  latest.current = edit;
  const onParts = useCallback((parts: ActDraft["parts"]) => latest.current({ parts }), []);

  useEffect(() => {
    if (!known) return;
    root.current?.querySelector<HTMLElement>("[data-first] input, [data-first] textarea")?.focus();
  }, [known]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads back to its field.
  useEffect(() => {
    const wrong = root.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong?.querySelector<HTMLElement>('[role="radio"]') ?? wrong)?.focus();
  }, [faulty, error, known]);

  const offered = OFFERED[kind];
  const people = useMemo(() => peopleFor(kind, office ?? [], account), [office, kind, account]);
  const words = useMemo(() => {
    if (!OWN_PARTS.includes(kind)) return undefined;
    const own = kind as "submit";
    return { lead: t(`act.partOf.${own}.lead`), support: t(`act.partOf.${own}.support`) };
  }, [kind, t]);
  const mayLead = LEADS[kind];
  const named = (part: Part) =>
    people
      .filter((person) => value.parts[person.account] === part)
      .map((person) => person.name)
      .join(", ");
  const today = todayHere();
  const present = dueAt === null ? today : todayHere(dueAt);
  // More time is counted from where the time given ends.
  const from = kind === "ask_extension" && present > today ? present : today;
  const calendar = useNamedDays();
  const day = parseDue(value.due, today, from, calendar);
  // One alone has the deadline of the whole.
  const bound = people.flatMap((person) => {
    const part = value.parts[person.account];
    return part === "lead" || part === "support" ? [{ person, part }] : [];
  });
  const withOwn = WITH_OWN.includes(kind) && bound.length > 1;
  const own = (withOwn ? bound : []).flatMap(({ person: { account } }) => {
    const until = parseDue(value.own[account] ?? "", today, today, calendar);
    return until === "" ? [] : [{ account, due: until }];
  });
  const facts = {
    "chủ trì": named("lead"),
    "phối hợp": named("support"),
    hạn: day === null || day === "" ? "" : day.split("-").reverse().join("/"),
  };

  const problem = (...fields: string[]) =>
    faulty !== null && fields.includes(faulty)
      ? `${t(problemOf(kind, faulty))} (ACT_FIELD)`
      : undefined;
  const send = () => {
    if (busy) return;
    setUnsent(null);
    setMended(false);
    if (WITH_DUE.includes(kind) && day === null) return setUnsent("due");
    const deadlines = own.flatMap(({ account, due }) => (due === null ? [] : [{ account, due }]));
    if (deadlines.length < own.length) return setUnsent("deadlines");
    if (kind === "resolve" && value.yes && value.reply === null) return setUnsent("reply");
    if (TWO_WAYS.includes(kind) && value.yes === null) return setUnsent("agreed");
    keep();
    void onSubmit(actOf(kind, value, day ?? "", deadlines)).then((sent) => {
      if (sent) clear();
    });
  };
  /** Before the field that has the focus: a choice takes every Enter for itself. */
  const onSendKey = (event: KeyboardEvent) => {
    if (!isKey(event.nativeEvent, "act.send")) return;
    event.preventDefault();
    event.stopPropagation();
    // A key that is still held since it opened the form has read nothing.
    if (!event.nativeEvent.repeat) send();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const { target } = event;
    const line = target instanceof HTMLInputElement && isTyping(target) ? target : null;
    const entered = event.key === "Enter" && line !== null;
    if (!entered && !isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    // Enter ends a line; the act is sent by its own key or button.
    if (entered) goOn(root.current, line);
    else onClose();
  };
  const findReply = async (text: string): Promise<Option[]> => {
    const part = { after: null, skip: 0, limit: 20 };
    const query = { view: "outgoing_all", search: text, ...part } as const;
    const page = await client.fetchQuery(reading("documents", "documents_list", query));
    return page.rows
      .filter((row) => ["signed", "issued", "filed"].includes(row.state))
      .slice(0, 8)
      .map((row) => ({ id: row.id, text: row.notation ?? row.subject, note: row.subject }));
  };

  return (
    <form
      ref={root}
      className={css.form}
      onKeyDownCapture={onSendKey}
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      data-testid={`act-form-${kind}`}
    >
      {refused !== null && refused.code !== "ACT_FIELD" && <ErrorMessage error={error} />}
      {offered !== undefined && unread !== null && (
        <ErrorMessage error={unread}>
          <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
        </ErrorMessage>
      )}
      {TOLD.includes(kind) && <p className={css.told}>{t(`act.told.${kind as "refuse"}`)}</p>}
      {offered !== undefined && office !== undefined && (
        <div data-first="">
          <PeopleField
            label={t(peopleLabel(kind))}
            people={people}
            offered={offered}
            words={words}
            mayLead={mayLead}
            value={value.parts}
            onChange={onParts}
            problem={problem("lead", "supports", "informed", "to", "signer", "initials")}
          />
        </div>
      )}
      {TWO_WAYS.includes(kind) && (
        <Segmented
          label={t(`act.ways.${kind as "resolve"}.label`)}
          value={value.yes === null ? null : value.yes ? "yes" : "no"}
          options={[
            { value: "yes", label: t(`act.ways.${kind as "resolve"}.yes`) },
            { value: "no", label: t(`act.ways.${kind as "resolve"}.no`) },
          ]}
          onChange={(way) => edit({ yes: way === "yes" })}
          invalid={problem("agreed") !== undefined}
        />
      )}
      {problem("agreed") !== undefined && (
        <p className={css.problem} data-testid="field-problem">
          {problem("agreed")}
        </p>
      )}
      {kind === "resolve" && value.yes && (
        <div>
          <SuggestField
            label={t("act.field.reply")}
            defaultValue={value.reply?.title ?? ""}
            find={findReply}
            onChosen={(option) => edit({ reply: { id: option.id, title: option.text } })}
            onInput={() => edit({ reply: null })}
            onFocus={() => undefined}
            onBlur={keep}
            inputRef={() => undefined}
            problem={problem("reply")}
            doubtful={false}
            testId="act-reply"
          />
          {value.reply === null && <p className={css.note}>{t("act.replyHint")}</p>}
        </div>
      )}
      {WITH_DUE.includes(kind) && (
        <div data-first={offered === undefined ? "" : undefined}>
          <DueField
            label={t(kind === "ask_extension" ? "act.field.until" : "act.field.due")}
            defaultValue={value.due}
            onInput={(due) => edit({ due })}
            onBlur={keep}
            problem={problem("due")}
            from={from}
            note={
              dueAt === null
                ? t("act.dueHint")
                : t(kind === "ask_extension" ? "act.duePresent" : "act.dueKept", {
                    day: formatDate(dueAt),
                  })
            }
          />
        </div>
      )}
      {withOwn && (
        <OwnDeadlines
          people={bound}
          value={value.own}
          onChange={(own) => edit({ own })}
          onLeave={(own) => {
            // Nothing is mended by it: what was said of a field still holds.
            change({ own });
            keep();
          }}
          latest={day || (dueAt === null ? "" : present)}
          problem={problem("deadlines")}
        />
      )}
      <div data-first={offered === undefined && !WITH_DUE.includes(kind) ? "" : undefined}>
        <WordsField
          label={props.wordsLabel ?? t(`act.words.${kind}`)}
          defaultValue={value.text}
          rows={kind === "file" ? 2 : 4}
          onInput={(text) => edit({ text })}
          onBlur={keep}
          problem={problem("text", "reason", "dossier")}
          phrases={phraseKind(kind)}
          facts={facts}
        />
      </div>
      <FormFoot edge="panel" kept={kept} busy={busy} label={props.submit} onCancel={onClose} />
    </form>
  );
}
