import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isKey, keyLabel } from "../../keymap";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import css from "./FindBar.module.css";
import type { Find } from "./useFind";

interface FindBarProps {
  find: Find;
  field: RefObject<HTMLInputElement | null>;
  /** Of two viewers, which: told apart by name. */
  within?: string | undefined;
  /** Closed: the reader goes back to the pages. */
  onClose: () => void;
}

/** A pause in typing as long as this starts the search. */
const PAUSE_MS = 150;

/** Looks for words in the open file. */
export function FindBar({ find, field, within, onClose }: FindBarProps) {
  const { t } = useTranslation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { found, current, query } = find;
  useEffect(() => {
    if (!find.quiet) {
      field.current?.focus();
      field.current?.select();
    }
    return () => clearTimeout(timer.current);
  }, [field, find.quiet]);

  const look = (delay: number) => {
    clearTimeout(timer.current);
    const text = field.current?.value.trim() ?? "";
    timer.current = setTimeout(() => find.look(text), delay);
  };
  const count = found.hits.length;
  const words = () => {
    if (query === "") return "";
    if (count === 0) return t(found.done ? "viewer.find.none" : "viewer.find.searching");
    const number = current === null ? "–" : current.at + 1;
    return t(found.done ? "viewer.find.count" : "viewer.find.countSoFar", { number, count });
  };
  return (
    <search
      className={css.bar}
      aria-label={[t("viewer.find.label"), within].filter(Boolean).join(" · ")}
      data-testid="find-bar"
    >
      <input
        ref={field}
        type="text"
        className={css.field}
        defaultValue={query}
        placeholder={t("viewer.find.placeholder")}
        aria-label={t("viewer.find.field")}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        data-testid="find-field"
        onInput={() => look(PAUSE_MS)}
        onKeyDown={(event) => {
          const key = event.nativeEvent;
          const text = field.current?.value.trim() ?? "";
          if (event.key === "Enter" && text !== query) look(0);
          else if (event.key === "Enter") find.move(event.shiftKey ? -1 : 1);
          else if (isKey(key, "find.next")) find.move(1);
          else if (isKey(key, "find.previous")) find.move(-1);
          else if (isKey(key, "back")) onClose();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <output
        className={cx(css.count, found.done && count === 0 && css.none)}
        data-testid="find-count"
      >
        {words()}
      </output>
      <IconButton
        icon="chevronUp"
        label={t("viewer.find.previous")}
        shortcut={keyLabel("find.previous")}
        disabled={count === 0}
        onClick={() => find.move(-1)}
      />
      <IconButton
        icon="chevronDown"
        label={t("viewer.find.next")}
        shortcut={keyLabel("find.next")}
        disabled={count === 0}
        onClick={() => find.move(1)}
        data-testid="find-next"
      />
      <IconButton icon="close" label={t("viewer.find.close")} onClick={onClose} />
      {query !== "" && found.done && found.wordless > 0 && (
        <p className={css.note}>{t("viewer.find.wordless", { count: found.wordless })}</p>
      )}
      {find.error !== null && <ErrorMessage error={find.error} />}
    </search>
  );
}
