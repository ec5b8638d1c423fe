import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isKey, keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import box from "../../shared/SuggestField.module.css";
import { filled, PHRASE_MAX, type Phrase, type PhraseKind, usePhrases } from "./phrases";
import css from "./WordsField.module.css";

interface WordsFieldProps {
  label: string;
  defaultValue: string;
  rows: number;
  onInput: (text: string) => void;
  onBlur: () => void;
  problem: string | undefined;
  phrases: PhraseKind | null;
  /** What is put into the places of a phrase. */
  facts: Record<string, string>;
}

/** Free words, uncontrolled, with phrases that the keyboard chooses. */
export function WordsField(props: WordsFieldProps) {
  const { label, defaultValue, rows, onInput, onBlur, problem, phrases, facts } = props;
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [open, setOpen] = useState(false);

  const close = () => {
    setOpen(false);
    field.current?.focus();
  };
  const take = (text: string) => {
    const area = field.current;
    if (area === null) return;
    const words = filled(text, facts);
    const before = area.value.slice(0, area.selectionStart);
    const gap = before === "" || /\s$/.test(before) ? "" : " ";
    area.setRangeText(gap + words, area.selectionStart, area.selectionEnd, "end");
    onInput(area.value);
    close();
  };
  return (
    <div>
      <div className={css.top}>
        <label className={css.label} htmlFor={id}>
          {label}
        </label>
        {phrases !== null && (
          <Button
            tone="quiet"
            className={css.open}
            shortcut={keyLabel("act.phrases")}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid="phrases-open"
          >
            {t("act.phrases")}
          </Button>
        )}
      </div>
      <textarea
        ref={field}
        id={id}
        className={cx(box.input, css.area, problem !== undefined && box.wrong)}
        rows={rows}
        defaultValue={defaultValue}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-note`}
        data-testid="act-text"
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={onBlur}
        onKeyDown={(event) => {
          if (phrases === null || !isKey(event.nativeEvent, "act.phrases")) return;
          event.preventDefault();
          setOpen(true);
        }}
      />
      {problem !== undefined && (
        <p id={`${id}-note`} className={box.problem} data-testid="field-problem">
          {problem}
        </p>
      )}
      {open && phrases !== null && (
        <PhraseList
          kind={phrases}
          facts={facts}
          typed={field.current?.value.trim() ?? ""}
          onTake={take}
          onClose={close}
        />
      )}
    </div>
  );
}

interface PhraseListProps {
  kind: PhraseKind;
  facts: Record<string, string>;
  /** What stands in the field: it can be kept as a phrase. */
  typed: string;
  onTake: (text: string) => void;
  onClose: () => void;
}

/** The phrases, the most used first: arrows or a digit choose, Delete forgets one of one's own. */
function PhraseList({ kind, facts, typed, onTake, onClose }: PhraseListProps) {
  const { t } = useTranslation();
  const id = useId();
  const { phrases, use, add, remove } = usePhrases(kind);
  const list = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, phrases.length - 1);
  useEffect(() => list.current?.focus(), []);

  const take = (phrase: Phrase | undefined) => {
    if (phrase === undefined) return;
    use(phrase);
    onTake(phrase.text);
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(phrases.length - 1, to));
    setCurrent(next);
    list.current?.children[next]?.scrollIntoView?.({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const phrase = phrases[at];
    if (isKey(key, "list.down")) move(at + 1);
    else if (isKey(key, "list.up")) move(at - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(phrases.length - 1);
    else if (isKey(key, "list.open")) take(phrase);
    else if (/^[1-9]$/.test(key.key) && !key.ctrlKey) take(phrases[Number(key.key) - 1]);
    else if (isKey(key, "back") || isKey(key, "act.phrases")) onClose();
    else if (isKey(key, "pages.remove") && phrase?.own === true) remove(phrase);
    else if (key.key.length !== 1 || key.ctrlKey || key.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const isNew =
    typed !== "" && typed.length <= PHRASE_MAX && phrases.every((phrase) => phrase.text !== typed);
  return (
    <div className={css.phrases}>
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        className={css.list}
        aria-label={t("act.phrases")}
        aria-activedescendant={`${id}-${at}`}
        data-popup=""
        data-testid="phrases"
        onKeyDown={onKey}
      >
        {phrases.map((phrase, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
          <div
            key={phrase.id}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            className={cx(css.phrase, i === at && css.current)}
            data-testid="phrase"
            data-own={phrase.own}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(phrase)}
          >
            <span className={css.number} aria-hidden="true">
              {i < 9 ? i + 1 : ""}
            </span>
            {filled(phrase.text, facts)}
          </div>
        ))}
      </div>
      <p className={css.note}>{t("act.phraseKeys")}</p>
      {isNew && (
        <Button
          tone="quiet"
          icon="plus"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => {
            add(typed);
            onClose();
          }}
          data-testid="phrase-add"
        >
          {t("act.phraseAdd")}
        </Button>
      )}
    </div>
  );
}
