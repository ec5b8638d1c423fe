import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ReceivedDto } from "../../generated/types";
import { isKey, keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { useListKeys } from "../../shared/useListKeys";
import list from "../list/DocumentList.module.css";
import { CardWords, NumberBadge } from "./cards";
import { RegisterButton } from "./InboxFrame";
import frame from "./InboxFrame.module.css";
import css from "./ReceivedList.module.css";
import type { Received } from "./useReceived";

interface ReceivedListProps {
  came: Received;
  onOpen: () => void;
  listRef: RefObject<HTMLDivElement | null>;
}

/** What came over the axis. One tab stop: the arrows move, Space marks, Enter goes to the document. */
export function ReceivedList({ came, onOpen, listRef }: ReceivedListProps) {
  const { t } = useTranslation();
  const { entries, current } = came;
  const shown = useRef<HTMLDivElement>(null);
  const index = entries.findIndex((each) => each.document === current?.document);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one comes into sight.
  useEffect(() => {
    // Newer browsers answer with a promise, which is no way to clean an effect up.
    shown.current?.scrollIntoView?.({ block: "nearest" });
  }, [index]);
  useEffect(() => listRef.current?.focus(), [listRef]);
  const onKey = useListKeys({
    at: index,
    count: entries.length,
    onMove: (to) => {
      const entry = entries[to];
      if (entry !== undefined) came.select(entry.document);
    },
    onOpen,
    onOther: (key) => {
      if (!isKey(key, "tray.mark") || current === undefined) return false;
      came.mark(current.document);
      return true;
    },
  });
  if (came.error != null) return <ErrorMessage error={came.error} className={css.error} />;
  if (entries.length === 0 && !came.loading) {
    return <Empty icon="incoming" title={t("axis.empty.title")} text={t("axis.empty.text")} />;
  }
  return (
    <div
      ref={listRef}
      className={css.list}
      role="listbox"
      tabIndex={0}
      aria-multiselectable="true"
      aria-label={t("axis.list")}
      aria-activedescendant={index >= 0 ? `axis-${index}` : undefined}
      aria-busy={came.loading}
      data-testid="axis-list"
      data-total={came.total}
      onKeyDown={onKey}
    >
      {entries.map((entry, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
        <div
          key={entry.document}
          id={`axis-${i}`}
          ref={i === index ? shown : undefined}
          role="option"
          aria-selected={came.isMarked(entry.document)}
          className={cx(css.item, i === index && list.selected)}
          data-testid="axis-card"
          data-id={entry.document}
          data-registered={entry.registered !== null}
          onClick={() => came.select(entry.document)}
          onDoubleClick={onOpen}
        >
          <Card
            entry={entry}
            marked={came.isMarked(entry.document)}
            onMark={() => came.mark(entry.document)}
          />
        </div>
      ))}
    </div>
  );
}

interface CardProps {
  entry: ReceivedDto;
  marked: boolean;
  onMark: () => void;
}

function Card({ entry, marked, onMark }: CardProps) {
  const { t } = useTranslation();
  const done = entry.registered;
  return (
    <div className={css.card}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the listbox has the key; this is for the mouse. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the key. */}
      <span
        className={cx(css.mark, marked && css.marked, done !== null && css.noMark)}
        title={t("axis.mark")}
        onClick={onMark}
        data-testid="axis-mark"
      >
        {marked && <Icon name="check" />}
      </span>
      <CardWords
        notation={entry.notation}
        unnamed={t("intake.noNotation")}
        issuer={entry.issuer}
        badge={done !== null && <NumberBadge number={done.number} />}
        urgency={entry.urgency}
        subject={entry.subject}
      />
    </div>
  );
}

interface ReceivedFootProps {
  came: Received;
  onRegister: () => void;
}

/** The one act for what is marked, or for the one in sight. */
export function ReceivedFoot({ came, onRegister }: ReceivedFootProps) {
  const { t } = useTranslation();
  const count = came.chosen.length;
  return (
    <div className={frame.foot}>
      <RegisterButton count={count} onRegister={onRegister} testId="axis-register" />
      <p className={frame.keys} data-testid="axis-marked" data-count={came.marked}>
        {t("axis.keys", { mark: keyLabel("tray.mark"), register: keyLabel("intake.register") })}
      </p>
      {came.total > 1 && (
        <Button onClick={came.markAll} data-testid="axis-all">
          {t(came.marked === came.total ? "axis.none" : "axis.all", { count: came.total })}
        </Button>
      )}
    </div>
  );
}
