import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../shared/cx";
import { useListKeys } from "../../shared/useListKeys";
import list from "../list/DocumentList.module.css";
import { LetterCardView, StackCardView } from "./cards";
import type { Inbox } from "./useInbox";

/** CSS pixels of a card: number and state, agency, subject. */
const CARD = 76;

interface InboxListProps {
  inbox: Inbox;
  selected: string | null;
  onSelect: (key: string) => void;
  onOpen: () => void;
  listRef: RefObject<HTMLDivElement | null>;
}

/** The cards of the inbox. One tab stop; the arrows move, Enter goes into the form. */
export function InboxList({ inbox, selected, onSelect, onOpen, listRef }: InboxListProps) {
  const { t } = useTranslation();
  const { entries, reach } = inbox;
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => CARD,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks when other cards come into sight.
  useEffect(() => reach(lastShown), [lastShown, entries.length]);

  const index = entries.findIndex((entry) => entry.key === selected);
  useEffect(() => {
    if (index >= 0) virtual.scrollToIndex(index);
  }, [index, virtual]);
  const onKey = useListKeys({
    at: index,
    count: entries.length,
    onMove: (to) => {
      const entry = entries[to];
      if (entry !== undefined) onSelect(entry.key);
    },
    onOpen,
  });
  const optionId = (at: number) => `scan-${at}`;
  return (
    <div
      ref={listRef}
      className={list.list}
      role="listbox"
      tabIndex={0}
      aria-label={t("list.label", { section: t("nav.scan") })}
      aria-activedescendant={index >= 0 ? optionId(index) : undefined}
      aria-busy={inbox.loading}
      data-testid="inbox-list"
      data-total={inbox.total}
      onKeyDown={onKey}
    >
      <div className={list.space} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const entry = entries[item.index];
          if (entry === undefined) return null;
          const current = entry.key === selected;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
            <div
              key={entry.key}
              id={optionId(item.index)}
              role="option"
              aria-selected={current}
              aria-posinset={item.index + 1}
              aria-setsize={entries.length}
              className={cx(list.item, current && list.selected)}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              data-testid={entry.stack === undefined ? "letter-card" : "stack-card"}
              data-id={entry.letter?.id ?? entry.stack?.id}
              data-state={entry.letter?.state}
              data-code={entry.stack?.code ?? undefined}
              onClick={() => onSelect(entry.key)}
              onDoubleClick={onOpen}
            >
              {entry.stack === undefined ? (
                <LetterCardView card={entry.letter} />
              ) : (
                <StackCardView stack={entry.stack} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
