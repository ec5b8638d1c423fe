import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { TrayRow } from "../../generated/types";
import { isKey } from "../../keymap";
import { cx } from "../../shared/cx";
import { useNow } from "../../shared/useNow";
import { useShortcut } from "../../shared/useShortcut";
import { useAheadOfList } from "../ahead/context";
import list from "../list/DocumentList.module.css";
import { TrayRowView } from "./TrayRowView";
import type { Tray } from "./useTray";

/** CSS pixels of a row: number, subject, reading. */
const ROW = 78;

interface TrayListProps {
  tray: Tray;
  selected: string | null;
  onSelect: (row: TrayRow) => void;
  onOpen: () => void;
  onMark: (row: TrayRow) => void;
  listRef: RefObject<HTMLDivElement | null>;
}

/** The tray as one list: one tab stop, the arrows move, the marks are told to screen readers. */
export function TrayList({ tray, selected, onSelect, onOpen, onMark, listRef }: TrayListProps) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const { rows } = tray;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { reach } = tray;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks when other rows come into sight.
  useEffect(() => reach(lastShown), [lastShown, rows.length]);

  const index = rows.findIndex((row) => row.document === selected);
  const targetOf = (row: TrayRow | undefined) => row && { document: row.document, file: row.file };
  const ahead = useAheadOfList([targetOf(rows[index + 1]), targetOf(rows[index - 1])]);
  const move = (to: number) => {
    const bounded = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[bounded];
    if (row === undefined) return;
    virtual.scrollToIndex(bounded);
    ahead.go({ document: row.document, file: row.file });
    onSelect(row);
  };
  useShortcut("list.next", () => move(index + 1));
  useShortcut("list.previous", () => move(index < 0 ? 0 : index - 1));

  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    if (isKey(key, "list.down")) move(index + 1);
    else if (isKey(key, "list.up")) move(index < 0 ? 0 : index - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(rows.length - 1);
    else if (isKey(key, "list.open")) onOpen();
    else return;
    event.preventDefault();
  };
  const optionId = (at: number) => `tray-${at}`;
  return (
    <div
      ref={listRef}
      className={list.list}
      role="listbox"
      tabIndex={0}
      aria-label={t("list.label", { section: t("nav.to_sign") })}
      aria-activedescendant={index >= 0 ? optionId(index) : undefined}
      aria-busy={tray.loading}
      data-testid="document-list"
      data-total={tray.total}
      onKeyDown={onKey}
    >
      <div className={list.space} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const current = row.document === selected;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
            <div
              key={row.document}
              id={optionId(item.index)}
              role="option"
              aria-selected={current}
              aria-posinset={item.index + 1}
              aria-setsize={tray.total}
              className={cx(list.item, current && list.selected)}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              data-testid="document-row"
              data-id={row.document}
              data-marked={row.marked}
              onClick={() => ahead.afterAsking(() => onSelect(row))}
              onDoubleClick={onOpen}
              {...ahead.row(targetOf(row))}
            >
              <TrayRowView row={row} now={now} onMark={() => onMark(row)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
