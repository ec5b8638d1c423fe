import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RegisterColumn, RegisterKind } from "../../generated/types";
import { cx } from "../../shared/cx";
import { useListKeys } from "../../shared/useListKeys";
import css from "./BookTable.module.css";
import { WIDTHS } from "./columns";
import { columnName } from "./names";
import type { BookLines, Entry } from "./useBook";

/** CSS pixels of a line before it is measured. */
const LINE = 48;

interface BookTableProps<K extends RegisterKind> {
  register: K;
  lines: BookLines<K>;
  columns: readonly RegisterColumn[];
  cell: (entry: Entry<K>, column: RegisterColumn) => ReactNode;
  label: string;
  onOpen: (document: string) => void;
}

/** A register as it is printed. One tab stop; the arrows move, Enter opens the document. */
export function BookTable<K extends RegisterKind>(props: BookTableProps<K>) {
  const { register, lines, columns, cell, label, onOpen } = props;
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
  const open = (entry: Entry<K> | undefined) => {
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
      style={widths(columns)}
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={at >= 0 ? `book-line-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="book-table"
      data-total={total}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus. */}
      <div className={cx(css.line, css.headings)} role="row" aria-rowindex={1}>
        {columns.map((column, i) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
          <div key={column} role="columnheader" aria-colindex={i + 1}>
            {columnName(t, register, column)}
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
              // Heights are kept by place, and so are elements.
              key={item.key}
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
                isVoid(entry) && css.voided,
              )}
              style={{ transform: `translateY(${item.start}px)` }}
              data-testid="book-line"
              data-number={numberOf(entry) ?? undefined}
              data-void={isVoid(entry)}
              onClick={() => setCurrent(item.index)}
              onDoubleClick={() => open(entry)}
            >
              {columns.map((column, i) => (
                // biome-ignore lint/a11y/useSemanticElements: as above.
                // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
                <div key={column} role="gridcell" aria-colindex={i + 1} className={css[column]}>
                  {cell(entry, column)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function isVoid(entry: Entry<RegisterKind>): boolean {
  return "is_void" in entry && entry.is_void;
}

/** The widths of the columns, of which the window takes one set. */
function widths(columns: readonly RegisterColumn[]): CSSProperties {
  return {
    "--wide": columns.map((column) => WIDTHS[column][0]).join(" "),
    "--small": columns.map((column) => WIDTHS[column][1]).join(" "),
  } as CSSProperties;
}

type AnyEntry = Entry<RegisterKind>;

function numberOf(entry: AnyEntry): number | null {
  return "number" in entry ? entry.number : null;
}
