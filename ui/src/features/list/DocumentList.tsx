import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isKey } from "../../keymap";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { useNow } from "../../shared/useNow";
import { useShortcut } from "../../shared/useShortcut";
import type { ListPlace } from "../../views/listPlaces";
import { useAheadOfList } from "../ahead/context";
import type { ListSection } from "../frame/sections";
import type { Marks } from "../handling/useMany";
import { useAppearanceSettings } from "../settings/appearance";
import css from "./DocumentList.module.css";
import { DocumentRowView } from "./DocumentRowView";
import { EmptyList } from "./EmptyList";
import { useDocumentRows } from "./useDocumentRows";
import { useStartupReport } from "./useStartupReport";
import { useSteadyScroll } from "./useSteadyScroll";

/** Heights of a row in CSS pixels: two lines, one line. */
const ROW = { comfortable: 56, compact: 34 } as const;

interface DocumentListProps {
  section: ListSection;
  place: ListPlace;
  onPlace: (place: ListPlace) => void;
  onLookFor: (text: string) => void;
  onSelect: (id: string) => void;
  onOpen: () => void;
  listRef: RefObject<HTMLDivElement | null>;
  /** Chosen for an act on several. */
  marks: Marks;
  /** None where several cannot be chosen. */
  onMarks: ((marks: Marks) => void) | undefined;
}

/** The rows in sight of a list of any length. One tab stop; the arrows move the selection. */
export function DocumentList(props: DocumentListProps) {
  const { section, place, onPlace, onLookFor, onSelect, onOpen, listRef, marks, onMarks } = props;
  const { t } = useTranslation();
  const { density } = useAppearanceSettings();
  const now = useNow(60_000);
  const [total, setTotal] = useState(0);
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => listRef.current,
    estimateSize: () => ROW[density],
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const rows = useDocumentRows(
    { view: place.view, search: place.search },
    items[0]?.index ?? 0,
    items.at(-1)?.index ?? 0,
  );
  if (rows.total !== total) setTotal(rows.total);

  const found = place.selected === null ? -1 : rows.indexOf(place.selected);
  const shownList = `${rows.shown.view} ${rows.shown.search}`;
  const index = useSteadyScroll(listRef, shownList, place.selected, found, ROW[density]);
  // Another list begins at its top, or where the selected document is in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when the list is another one, not when rows move.
  useEffect(() => virtual.scrollToIndex(Math.max(0, found)), [shownList]);
  useStartupReport(rows.rowAt(0) !== undefined || (!rows.loading && rows.total === 0));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the sizes follow the density alone.
  useEffect(() => virtual.measure(), [density]);

  const first = rows.rowAt(0);
  const selectFirst = place.selected === null && first !== undefined ? first.id : null;
  useEffect(() => {
    if (selectFirst !== null) onSelect(selectFirst);
  }, [selectFirst, onSelect]);

  const targetAt = (at: number) => {
    const row = at < 0 ? undefined : rows.rowAt(at);
    return row === undefined ? undefined : { document: row.id };
  };
  const ahead = useAheadOfList(index < 0 ? [] : [targetAt(index + 1), targetAt(index - 1)]);

  const move = (to: number) => {
    const bounded = Math.max(0, Math.min(rows.total - 1, to));
    const row = rows.rowAt(bounded);
    virtual.scrollToIndex(bounded);
    if (row === undefined) return;
    ahead.go({ document: row.id });
    onSelect(row.id);
  };
  const markAll = (indexes: readonly number[], on: boolean) => {
    const next = new Map(marks);
    for (const at of indexes) {
      const row = rows.rowAt(at);
      if (row === undefined) continue;
      if (on) next.set(row.id, `${row.notation ?? row.subject} · ${row.issuer}`);
      else next.delete(row.id);
    }
    onMarks?.(next);
  };
  const isMarked = (at: number) => marks.has(rows.rowAt(at)?.id ?? "");
  const onClick = (event: MouseEvent, at: number, id: string | undefined) => {
    if (id === undefined) return;
    if (onMarks !== undefined && (event.ctrlKey || event.metaKey)) markAll([at], !isMarked(at));
    else if (onMarks !== undefined && event.shiftKey && index >= 0) {
      const [from, to] = at < index ? [at, index] : [index, at];
      markAll(
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
        true,
      );
    }
    ahead.afterAsking(() => onSelect(id));
  };
  useShortcut("list.next", () => move(index + 1));
  useShortcut("list.previous", () => move(index - 1));

  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    if (isKey(key, "list.down")) move(index + 1);
    else if (isKey(key, "list.up")) move(index - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(rows.total - 1);
    else if (isKey(key, "list.open")) onOpen();
    else if (onMarks === undefined) return;
    else if (isKey(key, "list.mark")) markAll([index], !isMarked(index));
    else if (isKey(key, "list.markDown") || isKey(key, "list.markUp")) {
      const to = index + (isKey(key, "list.markDown") ? 1 : -1);
      markAll([index, to], true);
      move(to);
    } else if (isKey(key, "list.unmark") && marks.size > 0) onMarks(new Map());
    else return;
    event.preventDefault();
  };

  const optionId = (at: number) => `row-${section}-${at}`;
  return (
    <div className={css.frame}>
      {/* Beside the list, not in it: a list has options and nothing else. */}
      {rows.error !== null && rows.error !== undefined && (
        <ErrorMessage error={rows.error} className={css.error} />
      )}
      {!rows.loading && rows.total === 0 && (
        <div className={css.nothing}>
          <EmptyList
            section={section}
            place={rows.shown}
            onPlace={(p) => onPlace({ ...place, ...p })}
            onLookFor={onLookFor}
          />
        </div>
      )}
      <div
        ref={listRef}
        className={css.list}
        role="listbox"
        tabIndex={0}
        aria-multiselectable={onMarks !== undefined}
        aria-label={t("list.label", { section: t(`nav.${section}`) })}
        aria-activedescendant={index >= 0 ? optionId(index) : undefined}
        aria-busy={rows.loading}
        data-testid="document-list"
        data-total={rows.total}
        onKeyDown={onKey}
      >
        <div className={css.space} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows.rowAt(item.index);
            const selected = row !== undefined && row.id === place.selected;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
              <div
                key={item.key}
                id={optionId(item.index)}
                role="option"
                aria-selected={selected || (row !== undefined && marks.has(row.id))}
                aria-posinset={item.index + 1}
                aria-setsize={rows.total}
                className={cx(css.item, selected && css.selected)}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                data-testid="document-row"
                data-id={row?.id}
                data-marked={row !== undefined && marks.has(row.id)}
                onClick={(event) => onClick(event, item.index, row?.id)}
                onDoubleClick={onOpen}
                {...ahead.row(targetAt(item.index))}
              >
                {row === undefined ? (
                  <span className={css.waiting}>{t("list.loadingRow")}</span>
                ) : (
                  <DocumentRowView
                    row={row}
                    compact={density === "compact"}
                    now={now}
                    marked={marks.has(row.id)}
                    outgoing={section === "outgoing"}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
