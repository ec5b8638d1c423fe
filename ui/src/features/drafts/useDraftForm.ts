import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isKey } from "../../keymap";
import { CommandError } from "../../platform";
import { useKept } from "../handling/kept";
import type { DraftValue } from "./fields";

/** What the core can find wrong on a draft. */
const FIELDS = ["file", "kind", "symbol", "subject", "urgency", "text"] as const;
type Field = (typeof FIELDS)[number];

/** What is filled in of a draft, kept under that key, and what the core found wrong in it. `send` is
 * asked by its key from any field. */
export function useDraftForm(
  key: string,
  empty: DraftValue,
  error: unknown,
  send: (value: DraftValue) => void,
) {
  const { t } = useTranslation();
  const root = useRef<HTMLFormElement>(null);
  const form = useKept(key, empty);
  // What was said of a field no longer holds when the field is another.
  const [mended, setMended] = useState<Field | null>(null);
  /** What the face itself cannot send. */
  const [unsent, setUnsent] = useState<Field | null>(null);
  const refused = error == null ? null : CommandError.from(error);
  const named = refused?.code === "ACT_FIELD" ? refused.args.field : undefined;
  const said = unsent ?? FIELDS.find((field) => field === named) ?? null;
  const faulty = said === mended ? null : said;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads back to its field.
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faulty, error]);

  const submit = () => {
    setUnsent(null);
    setMended(null);
    form.keep();
    send(form.value);
  };
  return {
    ...form,
    root,
    change: (patch: Partial<DraftValue>) => {
      if (said !== null && said in patch) setMended(said);
      form.change(patch);
    },
    problem: (field: Field) =>
      faulty === field ? `${t(`draft.problem.${field}`)} (ACT_FIELD)` : undefined,
    /** Nothing is sent: that field is missing. */
    refuse: (field: Field) => {
      setMended(null);
      setUnsent(field);
    },
    submit,
    /** An error of no field. */
    error: refused !== null && named === undefined ? refused : null,
    onKeyDownCapture: (event: KeyboardEvent) => {
      if (!isKey(event.nativeEvent, "act.send")) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.nativeEvent.repeat) submit();
    },
  };
}

export type DraftForm = ReturnType<typeof useDraftForm>;
