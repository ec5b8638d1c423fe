import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BookEntryDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { cx } from "../../shared/cx";
import { useListKeys } from "../../shared/useListKeys";
import { showDay } from "../intake/days";
import css from "./BookTable.module.css";
import type { BookLines } from "./useBook";

/** The ten columns of Decree 30/2020, Appendix IV, in its order. */
const COLUMNS = [
  "arrived",
  "number",
  "issuer",
  "notation",
  "issued",
  "subject",
  "receivers",
  "passed",
  "acknowledged",
  "note",
] as const;
type Column = (typeof COLUMNS)[number];

/** CSS pixels of a line before it is measured. */
const LINE = 48;

interface BookTableProps {
  lines: BookLines;
  label: string;
  onOpen: (document: string) => void;
}

/** The register as it is printed. One tab stop; the arrows move, Enter opens the document. */
export function BookTable({ lines, label, onOpen }: BookTableProps) {
  const { t } = useTranslation();
  const { entries, reach, total } = lines;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, entries.length - 1);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks when other lines come into sight.
  useEffect(() => reach(lastShown), [lastShown, entries.length]);
  const open = (entry: BookEntryDto | undefined) => {
    if (entry?.document != null) onOpen(entry.document);
  };
  const onKey = useListKeys({
    at,
    count: entries.length,
    onMove: (to) => {
      setCurrent(to);
      virtual.scrollToIndex(to);
    },
    onOpen: () => open(entries[at]),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: the lines are virtual, a table element lays out all of them.
    <div
      ref={scroller}
      className={css.scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={at >= 0 ? `book-line-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="book-table"
      data-total={total}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus. */}
      <div className={cx(css.line, css.headings)} role="row" aria-rowindex={1}>
        {COLUMNS.map((column, i) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
          <div key={column} role="columnheader" aria-colindex={i + 1}>
            {t(`book.column.${column}`)}
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      <div role="rowgroup" className={css.space} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const entry = entries[item.index];
          if (entry === undefined) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: as above.
            // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
            <div
              key={entry.document ?? `${entry.number} ${entry.provisional}`}
              ref={virtual.measureElement}
              id={`book-line-${item.index}`}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={item.index === at}
              className={cx(
                css.line,
                css.entry,
                item.index === at && css.current,
                entry.is_void && css.voided,
              )}
              style={{ transform: `translateY(${item.start}px)` }}
              data-testid="book-line"
              data-number={entry.number ?? undefined}
              data-void={entry.is_void}
              onClick={() => setCurrent(item.index)}
              onDoubleClick={() => open(entry)}
            >
              {COLUMNS.map((column, i) => (
                // biome-ignore lint/a11y/useSemanticElements: as above.
                // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
                <div key={column} role="gridcell" aria-colindex={i + 1} className={css[column]}>
                  <Cell entry={entry} column={column} />
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Cell({ entry, column }: { entry: BookEntryDto; column: Column }) {
  const { t } = useTranslation();
  switch (column) {
    case "arrived":
      return showDay(entry.arrived_on);
    case "number":
      if (entry.number === null) {
        return (
          <>
            <Badge tone="warn">{t("book.waits")}</Badge>
            <small>{entry.provisional}</small>
          </>
        );
      }
      return (
        <>
          <b>{entry.number}</b>
          {entry.is_void && <Badge tone="neutral">{t("book.void")}</Badge>}
        </>
      );
    case "issuer":
      return entry.issuer;
    case "notation":
      return entry.notation;
    case "issued":
      return showDay(entry.issued_on);
    case "subject":
      return (
        <>
          {entry.subject}
          {entry.activity !== "" && <small>{t("book.activity", { name: entry.activity })}</small>}
        </>
      );
    case "receivers":
      return entry.receivers;
    case "passed":
      return showDay(entry.passed_on);
    case "acknowledged":
      return entry.acknowledged;
    case "note":
      return entry.note;
  }
}
