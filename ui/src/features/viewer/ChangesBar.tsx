import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TextChange, TextCheck } from "../../generated/types";
import { isKey, keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import css from "./Changes.module.css";
import { countsOf, kindOf, pageOf } from "./changes";
import type { Changes } from "./useChanges";

const KINDS = ["changed", "added", "removed"] as const;

/** What differs, in a line: how much, and to the next and the previous place. */
export function ChangesBar({ changes, onStop }: { changes: Changes; onStop: () => void }) {
  const { t } = useTranslation();
  const { check, found, error, current, move } = changes;
  const summary = useSummary(check);
  if (error !== null) {
    return (
      <ErrorMessage error={error}>
        <Button onClick={changes.again}>{t("app.retry")}</Button>
      </ErrorMessage>
    );
  }
  const count = found?.changes.length ?? 0;
  return (
    <div className={css.bar}>
      <p className={css.summary} role="status" data-testid="changes-summary">
        {summary}
      </p>
      {check !== undefined && found === undefined && (
        <div className={css.moves}>
          <progress
            className={css.progress}
            max={check.pages}
            value={check.done}
            aria-label={t("diff.progress")}
            data-testid="changes-progress"
          />
          <Button onClick={onStop} data-testid="changes-cancel">
            {t("diff.stop")}
          </Button>
        </div>
      )}
      {count > 0 && (
        <div className={css.moves}>
          <span className={css.at} data-testid="changes-at">
            {t("diff.at", { number: current === null ? "–" : current.at + 1, count })}
          </span>
          <IconButton
            icon="chevronUp"
            label={t("diff.previous")}
            shortcut={keyLabel("diff.previous")}
            onClick={() => move(-1)}
            data-testid="changes-previous"
          />
          <IconButton
            icon="chevronDown"
            label={t("diff.next")}
            shortcut={keyLabel("diff.next")}
            onClick={() => move(1)}
            data-testid="changes-next"
          />
        </div>
      )}
    </div>
  );
}

function useSummary(check: TextCheck | undefined): string {
  const { t } = useTranslation();
  if (check === undefined) return t("diff.working");
  const { comparison: found, done, pages } = check;
  if (found === null) {
    // What is read is compared word by word, which takes a moment of its own.
    return done < pages ? t("diff.reading", { done, pages }) : t("diff.working");
  }
  const counts = countsOf(found.changes);
  const parts = KINDS.filter((kind) => counts[kind] > 0);
  const wordless = found.old_wordless + found.new_wordless;
  const told =
    parts.length === 0
      ? t("diff.same")
      : parts.map((kind) => t(`diff.count.${kind}`, { count: counts[kind] })).join(" · ");
  return wordless === 0 ? told : `${told} ${t("diff.wordless", { count: wordless })}`;
}

/** The changes in reading order: arrows go through them, Enter or a click goes to the place. */
export function ChangesList({ changes }: { changes: Changes }) {
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const { found, current, go } = changes;
  const at = current?.at ?? -1;
  useEffect(() => {
    list.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [at]);
  const all = found?.changes ?? [];
  if (all.length === 0) return null;
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const to = (place: number) => go(Math.max(0, Math.min(all.length - 1, place)));
    if (isKey(key, "list.down")) to(at + 1);
    else if (isKey(key, "list.up")) to(at - 1);
    else if (isKey(key, "list.first")) to(0);
    else if (isKey(key, "list.last")) to(all.length - 1);
    else if (isKey(key, "list.open")) to(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      className={css.list}
      aria-label={t("diff.list")}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      data-testid="changes-list"
      onKeyDown={onKey}
    >
      {all.map((change, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the changes of two files never change.
          key={i}
          id={`${id}-${i}`}
          role="option"
          aria-selected={i === at}
          className={cx(css.change, i === at && css.current)}
          data-at={i}
          data-kind={kindOf(change)}
          data-testid="change"
          onClick={() => go(i)}
        >
          <span className={css.where}>{t("diff.page", { number: pageOf(change) + 1 })}</span>
          <Words change={change} />
        </div>
      ))}
    </div>
  );
}

function Words({ change }: { change: TextChange }) {
  const { t } = useTranslation();
  const kind = kindOf(change);
  return (
    <span className={css.words}>
      <span>
        <span className={css.kind}>{t(`diff.kind.${kind}`)}</span>{" "}
        {kind !== "added" && <del className={css.gone}>{change.old_text}</del>}
        {kind === "changed" && " → "}
        {kind !== "removed" && <ins className={css.came}>{change.new_text}</ins>}
      </span>
    </span>
  );
}
