import { useVirtualizer } from "@tanstack/react-virtual";
import type { TFunction } from "i18next";
import { memo, type RefObject, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { FoundRow, SearchColumn, SearchExcerpt } from "../../generated/types";
import { cx } from "../../shared/cx";
import { formatDate, formatDay } from "../../shared/format";
import { useListKeys } from "../../shared/useListKeys";
import { isUrgency, rowState } from "../document/words";
import { WIDTHS } from "./columns";
import { marked } from "./marked";
import css from "./ResultTable.module.css";
import type { FoundRows } from "./useFoundRows";
import { useSettled } from "./useSettled";

/** CSS pixels of a row before it is measured. */
const ROW = 36;
const NO_WORDS: readonly string[] = [];

interface ResultTableProps {
  rows: FoundRows;
  /** How many there are. */
  total: number;
  columns: readonly SearchColumn[];
  label: string;
  /** The place of the chosen row. */
  at: number;
  onAt: (index: number, id: string | undefined) => void;
  onOpen: (id: string) => void;
  onSight: (first: number, last: number) => void;
  tableRef: RefObject<HTMLDivElement | null>;
}

/** What was found, in the columns that the person wants. One tab stop; the arrows move, Enter opens. */
export const ResultTable = memo(function ResultTable(props: ResultTableProps) {
  const { rows, total, columns, label, at, onAt, onOpen, onSight, tableRef } = props;
  const text = rows.shownText;
  const { t } = useTranslation();
  const words = rows.first?.words ?? NO_WORDS;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => tableRef.current,
    estimateSize: () => ROW,
    overscan: 3,
  });
  const items = virtual.getVirtualItems();
  const [firstShown, lastShown] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => onSight(firstShown, lastShown), [firstShown, lastShown, onSight]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other results begin at their top.
  useEffect(() => {
    if (virtual.scrollOffset !== 0) virtual.scrollToOffset(0);
  }, [text]);
  const inSight = items.flatMap((item) => rows.rowAt(item.index)?.row.id ?? []).slice(0, 60);
  const { data: excerpts } = useRead(
    "documents",
    "search_excerpts",
    useSettledSight(text, inSight.join(" ")),
    { enabled: words.length > 0 && inSight.length > 0, keepOld: true },
  );
  const open = (index: number) => {
    const id = rows.rowAt(index)?.row.id;
    if (id !== undefined) onOpen(id);
  };
  const onKey = useListKeys({
    at,
    count: total,
    onMove: (to) => {
      onAt(to, rows.rowAt(to)?.row.id);
      virtual.scrollToIndex(to);
    },
    onOpen: () => open(at),
  });
  const widths = columns.map((column) => WIDTHS[column]).join(" ");
  const grid = useMemo(() => ({ gridTemplateColumns: widths }), [widths]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are virtual, a table element lays out all of them.
    <div
      ref={tableRef}
      className={css.scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-activedescendant={total > 0 ? `found-${at}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="found"
      data-total={total}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus. */}
      <div className={cx(css.line, css.headings)} style={grid} role="row" aria-rowindex={1}>
        {columns.map((column, i) => (
          // biome-ignore lint/a11y/useSemanticElements: as above.
          // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
          <div key={column} role="columnheader" aria-colindex={i + 1}>
            {t(`search.column.${column}`)}
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys. */}
      <div
        role="rowgroup"
        className={css.space}
        style={{ height: virtual.getTotalSize() }}
        onClick={(event) => {
          const index = placeOf(event.target);
          if (index !== null) onAt(index, rows.rowAt(index)?.row.id);
        }}
        onDoubleClick={(event) => {
          const index = placeOf(event.target);
          if (index !== null) open(index);
        }}
      >
        {items.map((item) => {
          const found = rows.rowAt(item.index);
          return (
            <FoundLine
              // Heights are kept by place: a row that took its element to another would leave them wrong.
              key={item.key}
              index={item.index}
              start={item.start}
              grid={grid}
              columns={columns}
              words={words}
              found={found}
              excerpt={excerpts?.find((one) => one.document === found?.row.id)}
              current={item.index === at}
              measure={virtual.measureElement}
              t={t}
            />
          );
        })}
      </div>
    </div>
  );
});

/** The place of the row that was pressed. */
function placeOf(target: EventTarget): number | null {
  const line = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return line === null ? null : Number(line.dataset.index);
}

interface FoundLineProps {
  index: number;
  /** CSS pixels from the first row. */
  start: number;
  grid: { gridTemplateColumns: string };
  columns: readonly SearchColumn[];
  words: readonly string[];
  /** None until its page is here. */
  found: FoundRow | undefined;
  excerpt: SearchExcerpt | undefined;
  current: boolean;
  measure: (line: HTMLElement | null) => void;
  t: TFunction;
}

/** One line of what was found. It has no acts of its own, so that a key makes anew only what it changes. */
const FoundLine = memo(function FoundLine(props: FoundLineProps) {
  const { index, start, grid, columns, words, found, excerpt, current, measure, t } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are virtual, a table element lays out all of them.
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
    <div
      ref={measure}
      id={`found-${index}`}
      data-index={index}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={current}
      className={cx(
        css.line,
        css.entry,
        current && css.current,
        found?.row.unread === true && css.unread,
      )}
      style={{ ...grid, transform: `translateY(${start}px)` }}
      data-testid="found-row"
      data-id={found?.row.id}
    >
      {columns.map((column, i) => (
        // biome-ignore lint/a11y/useSemanticElements: as above.
        // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus.
        <div key={column} role="gridcell" aria-colindex={i + 1} className={css[column]}>
          {found === undefined ? "…" : cell(found, column, words, t)}
          {column === "subject" && excerpt !== undefined && (
            <small data-testid="excerpt">
              <b>{t(excerpt.on_page ? "search.onPage" : "search.inOpinion")}</b>{" "}
              {marked(excerpt.text, words)}
            </small>
          )}
        </div>
      ))}
    </div>
  );
});

/** What is in sight, once it stays. */
function useSettledSight(text: string, ids: string) {
  const sight = useSettled(`${text}\n${ids}`);
  const [asked = "", documents = ""] = sight.split("\n");
  return { text: asked, documents: documents.split(" ").filter((id) => id !== "") };
}

/** What a row says in a column. */
function cell(found: FoundRow, column: SearchColumn, words: readonly string[], t: TFunction) {
  const { row } = found;
  switch (column) {
    case "notation":
      return row.notation === null ? <i>{t("list.noNumber")}</i> : marked(row.notation, words);
    case "issued":
      return row.issued_on === null ? null : formatDay(row.issued_on);
    case "issuer":
      return marked(row.issuer, words);
    case "subject":
      return marked(row.subject, words);
    case "kind":
      return marked(row.kind, words);
    case "signer":
      return marked(found.signer, words);
    case "arrival":
      return row.arrival_number;
    case "arrived":
      return formatDate(row.arrived_at);
    case "due":
      return row.due_at === null ? null : (
        <span className={row.overdue ? css.overdue : undefined}>{formatDate(row.due_at)}</span>
      );
    case "state":
      return rowState(row, t);
    case "urgency":
      return isUrgency(row.urgency) && row.urgency !== "normal" ? (
        <b className={css.urgent}>{t(`urgency.${row.urgency}`)}</b>
      ) : null;
    case "direction":
      return t(found.direction === "outgoing" ? "search.out" : "search.in");
  }
}
