import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { keyOf } from "../../api/query";
import type { LetterDetail, LetterFields } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { activityCode, activityName } from "./activities";
import { parseDay, showDay, todayHere } from "./days";
import { doubtfulFields, FIELDS, type FieldName, nextDoubtful } from "./fields";
import { kindCode, kindName } from "./kinds";

type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

type Shown = Pick<LetterDetail, "fields" | "activities">;

/** A field's value as it stands in its box. */
export function shown(detail: Shown, field: FieldName): string {
  const { fields } = detail;
  switch (field) {
    case "issued_on":
    case "due":
      return showDay(fields[field]);
    case "kind":
      return kindName(fields.kind);
    case "activity":
      return activityName(detail.activities, fields.activity);
    default:
      return fields[field];
  }
}

/** Where somebody is at work. */
const BUSY = 'input, textarea, select, [data-testid="page-strip"]';

interface LetterFormArgs {
  detail: LetterDetail;
  /** Counts up when the form is to take the focus. */
  focus: number;
  onNext: (letter: string | null) => void;
  /** The place where the earlier entry and its choices are shown. */
  onDuplicate: () => void;
}

/** The form of a letter: its boxes keep what is typed, the core keeps what was left. A reading that
 * arrives later fills only boxes that nobody has touched. */
export function useLetterForm({ detail, focus, onNext, onDuplicate }: LetterFormArgs) {
  const client = useQueryClient();
  const letter = detail.card.id;
  const boxes = useRef(new Map<FieldName, Box>());
  const accept = useRef<HTMLButtonElement>(null);
  const touched = useRef(new Set<FieldName>());
  const seen = useRef(new Set<FieldName>());
  /** The last wish for the focus that was met: a letter that is read anew takes it from nobody. */
  const served = useRef(0);
  const issuerCode = useRef(detail.fields.issuer_code);
  const [inFocus, setInFocus] = useState<FieldName | null>(null);
  const [wrong, setWrong] = useState<FieldName | null>(null);
  const doubtful = doubtfulFields(detail);
  const ready = detail.card.state === "READY";

  useEffect(() => {
    for (const field of FIELDS) {
      const box = boxes.current.get(field);
      if (box === undefined || touched.current.has(field)) continue;
      const value = shown(detail, field);
      if (box.value !== value && document.activeElement !== box) box.value = value;
    }
    if (!touched.current.has("issuer")) issuerCode.current = detail.fields.issuer_code;
  }, [detail]);

  const goTo = (field: FieldName) => {
    const box = boxes.current.get(field);
    box?.focus();
    if (box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement) box.select();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per wish, when the letter can be confirmed.
  useEffect(() => {
    if (focus === 0 || focus === served.current || !ready) return;
    served.current = focus;
    // Whoever types or works on pages meanwhile is not disturbed.
    if (touched.current.size > 0 || document.activeElement?.matches(BUSY) === true) return;
    const first = doubtful[0];
    if (first === undefined) accept.current?.focus();
    else goTo(first);
  }, [focus, ready]);

  /** What stands in the boxes, or the field that is no such thing. */
  const collect = (): LetterFields | FieldName => {
    const text = (field: FieldName) => boxes.current.get(field)?.value.trim() ?? "";
    const today = todayHere();
    const issued = parseDay(text("issued_on"), today);
    // A deadline lies ahead: what is left out is not taken from the past.
    const due = parseDay(text("due"), `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`);
    const kind = kindCode(text("kind"));
    // Without a list there is no box, and what was chosen before stays.
    const activity = boxes.current.has("activity")
      ? activityCode(detail.activities, text("activity"))
      : detail.fields.activity;
    if (issued === null) return "issued_on";
    if (kind === null) return "kind";
    if (activity === null) return "activity";
    if (due === null) return "due";
    return {
      issuer: text("issuer"),
      issuer_code: issuerCode.current,
      notation: text("notation"),
      issued_on: issued,
      kind,
      subject: text("subject").replace(/\s+/g, " "),
      urgency: text("urgency"),
      signer_position: text("signer_position"),
      signer_name: text("signer_name"),
      due,
      activity,
    };
  };

  const save = useMutation({
    mutationFn: (fields: LetterFields) =>
      host().call("intake_save", { letter, fields, despite_duplicate: false }),
    onSuccess: (saved) => client.setQueryData(keyOf("intake", "intake_letter", { letter }), saved),
  });
  const confirm = useMutation({
    mutationFn: (args: { fields: LetterFields; despite: boolean }) =>
      host().call("intake_confirm", {
        letter,
        fields: args.fields,
        despite_duplicate: args.despite,
      }),
    onSuccess: ({ next }) => {
      touched.current.clear();
      onNext(next);
      void client.invalidateQueries({ queryKey: ["intake"] });
    },
    onError: (thrown) => {
      const error = CommandError.from(thrown);
      const field = FIELDS.find((known) => known === error.args.field);
      if (error.code === ("INTAKE_DUPLICATE" as string)) onDuplicate();
      else if (field !== undefined) refuse(field);
    },
  });
  const refuse = (field: FieldName) => {
    setWrong(field);
    goTo(field);
  };
  const acceptLetter = (despite = false) => {
    if (confirm.isPending || !ready) return;
    const fields = collect();
    if (typeof fields === "string") return refuse(fields);
    if (detail.duplicates.length > 0 && !despite) return onDuplicate();
    confirm.mutate({ fields, despite });
  };
  return {
    accept,
    doubtful,
    inFocus,
    wrong,
    ready,
    pending: confirm.isPending,
    error: confirm.error ?? save.error,
    acceptLetter,
    /** Enter in a field: the next field that nobody is sure of, else the letter is accepted. */
    enter: () => {
      const next = nextDoubtful(doubtful, seen.current);
      if (next === null) acceptLetter();
      else goTo(next);
    },
    goTo,
    /** The day of the letter as it stands in its box; `null` when it is none. */
    issuedOn: (): string | null =>
      parseDay(boxes.current.get("issued_on")?.value.trim() ?? "", todayHere()) || null,
    chooseIssuer: (code: string | null) => {
      issuerCode.current = code;
      touched.current.add("issuer");
    },
    /** One of the words of a list was taken. */
    choose: (field: "kind" | "activity") => {
      touched.current.add(field);
    },
    bind: (field: FieldName) => ({
      ref: (box: Box | null) => {
        if (box === null) boxes.current.delete(field);
        else boxes.current.set(field, box);
      },
      onInput: () => {
        touched.current.add(field);
        if (field === "issuer") issuerCode.current = null;
        if (wrong === field) setWrong(null);
      },
      onFocus: () => {
        seen.current.add(field);
        setInFocus(field);
      },
      onBlur: () => {
        const box = boxes.current.get(field);
        if (box === undefined || !touched.current.has(field) || confirm.isPending) return;
        const fields = collect();
        if (typeof fields === "string") {
          if (fields === field) setWrong(field);
          return;
        }
        box.value = shown({ ...detail, fields }, field);
        if (box.value !== shown(detail, field)) save.mutate(fields);
      },
    }),
  };
}

export type LetterFormControl = ReturnType<typeof useLetterForm>;
