import { useQueryClient } from "@tanstack/react-query";
import { Activity, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../api/settings";
import { DocumentPane } from "../features/document/DocumentPane";
import { wordName } from "../features/intake/kinds";
import { SearchField } from "../features/list/SearchField";
import { ColumnMenu } from "../features/search/ColumnMenu";
import { columnsOf } from "../features/search/columns";
import { DIMENSIONS, type Dimension, Facets, useFacetWords } from "../features/search/Facets";
import { isAsking, type SearchPlace } from "../features/search/place";
import { ResultTable } from "../features/search/ResultTable";
import { SavedSearches } from "../features/search/SavedSearches";
import { SearchGuide } from "../features/search/SearchGuide";
import { Understood } from "../features/search/Understood";
import { useCount } from "../features/search/useCount";
import { askAhead, useFoundRows } from "../features/search/useFoundRows";
import type { Held } from "../features/viewer/Compare";
import { LookedFor } from "../features/viewer/lookedFor";
import type {
  AccountDto,
  Network,
  SearchColumn,
  SearchFormat,
  SearchOrder,
} from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { cx } from "../shared/cx";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import unseen from "../shared/hidden.module.css";
import { Segmented } from "../shared/Segmented";
import { useExport } from "../shared/useExport";
import css from "./SearchView.module.css";

interface SearchViewProps {
  /** What is looked for, kept while another section is open. The desk around does not hear every key. */
  memory: RefObject<SearchPlace>;
  account: AccountDto | null;
  network: Network;
  held: Held | null;
  onHold: (held: Held | null) => void;
}

/** Beside an open document there is room for these. */
const NARROW_COLUMNS: readonly SearchColumn[] = ["notation", "subject"];

/** Tra cứu: everything that is here, found while it is typed, and opened where the words stand. */
export function SearchView({ memory, account, network, held, onHold }: SearchViewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [place, setPlace] = useState(memory.current);
  useEffect(() => {
    memory.current = place;
  }, [memory, place]);
  const onPlace = useCallback(
    (change: Partial<SearchPlace>) => setPlace((old) => ({ ...old, ...change })),
    [],
  );
  const { read, remember } = useSettings();
  const table = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const [guide, setGuide] = useState(false);
  const [at, setAt] = useState(0);
  const words = useFacetWords();
  const shown = useCount();
  const { text, narrow, order } = place;
  const asking = isAsking(place);
  const rows = useFoundRows({ text, narrow, order }, sight.first, sight.last, asking);
  const remembered = read("search.columns");
  const columns = useMemo(() => columnsOf(remembered), [remembered]);
  const onSight = useCallback((first: number, last: number) => setSight({ first, last }), []);
  const narrowed = DIMENSIONS.map(([dimension]) => dimension)
    .filter((dimension: Dimension) => narrow[dimension] !== "")
    .map((dimension: Dimension) =>
      words(dimension, { value: narrow[dimension], name: wordName(narrow[dimension]) }),
    );
  const save = useExport((format: SearchFormat) =>
    host().call("search_export", {
      query: { text, narrow, order, skip: 0, limit: 0 },
      columns,
      format,
      narrowed: narrowed.join(" · "),
    }),
  );
  // Other words begin at the first row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when what is looked for is another.
  useEffect(() => setAt(0), [text, narrow, order]);

  const open = () => {
    const id = rows.rowAt(at)?.row.id;
    if (id !== undefined) onPlace({ selected: id, open: true });
  };
  const close = () => {
    onPlace({ open: false });
    table.current?.focus();
  };
  const search = (next: string) => {
    // Asked before anything is made anew on the screen: both take their time side by side.
    askAhead(client, { text: next, narrow, order });
    onPlace({ text: next, open: false });
  };
  const tryOut = (example: string) => {
    setGuide(false);
    search(example);
    table.current?.focus();
  };
  const isOpen = place.open && place.selected !== null;
  const shownGuide = guide || !asking;
  const total = rows.first?.is_more === true ? "search.countMore" : "search.count";
  return (
    <main className={css.search}>
      <header className={css.head}>
        <h1 className={unseen.hidden}>{t("nav.search")}</h1>
        <div className={css.ask}>
          <div className={css.field}>
            <SearchField
              section={t("nav.search")}
              placeholder={t("search.placeholder")}
              pause={0}
              value={text}
              onSearch={search}
              onDown={() => table.current?.focus()}
            />
          </div>
          <Button
            tone="quiet"
            icon="question"
            aria-pressed={shownGuide}
            onClick={() => setGuide((old) => !old)}
            data-testid="search-help"
          >
            {t("search.help")}
          </Button>
        </div>
        <Understood page={asking ? rows.first : undefined} />
        <SavedSearches
          place={place}
          onChoose={(saved) => {
            setGuide(false);
            onPlace({ text: saved.text, narrow: saved.narrow, open: false });
          }}
        />
      </header>
      {save.error !== null && <ErrorMessage error={save.error} className={css.error} />}
      {rows.error != null && <ErrorMessage error={rows.error} className={css.error} />}
      {shownGuide && <SearchGuide onTry={tryOut} />}
      {/* Made while the guide is read, so that the first key finds it there. */}
      <Activity mode={shownGuide ? "hidden" : "visible"}>
        <div className={css.body}>
          {!isOpen && <Facets place={place} onNarrow={(next) => onPlace({ narrow: next })} />}
          <div
            className={cx(css.results, isOpen && css.beside)}
            data-testid="found-frame"
            data-text={rows.shownText}
          >
            <div className={css.bar}>
              <span className={css.count} role="status" data-testid="found-count">
                {t(total, { count: rows.total, number: shown(rows.total) })}
              </span>
              {isOpen ? (
                <Button icon="chevronLeft" onClick={close} data-testid="search-back">
                  {t("search.back")}
                </Button>
              ) : (
                <div className={css.acts}>
                  <Segmented<SearchOrder>
                    label={t("search.orderLabel")}
                    value={order}
                    options={(["newest", "oldest", "best"] as const).map((value) => ({
                      value,
                      label: t(`search.order.${value}`),
                    }))}
                    onChange={(value) => onPlace({ order: value })}
                  />
                  <ColumnMenu
                    columns={columns}
                    onColumns={(next) => remember("search.columns", next.join(","))}
                  />
                  {(["PDF", "XLSX"] as const).map((format) => (
                    <Button
                      key={format}
                      icon={format === "PDF" ? "print" : "sheet"}
                      disabled={save.isPending || rows.total === 0}
                      onClick={() => save.mutate(format)}
                      data-testid={`search-${format.toLowerCase()}`}
                    >
                      {t(format === "PDF" ? "book.pdf" : "book.xlsx")}
                    </Button>
                  ))}
                </div>
              )}
            </div>
            {rows.first !== undefined && rows.total === 0 ? (
              <Empty
                icon="search"
                title={t("search.none.title")}
                text={t(narrowed.length > 0 ? "search.none.narrowed" : "search.none.text")}
              >
                <Button onClick={() => setGuide(true)}>{t("search.help")}</Button>
              </Empty>
            ) : (
              <ResultTable
                rows={rows}
                columns={isOpen ? NARROW_COLUMNS : columns}
                text={text}
                label={t("search.results")}
                at={Math.min(at, Math.max(0, rows.total - 1))}
                onAt={(index, id) => {
                  setAt(index);
                  onPlace({ selected: id ?? null });
                }}
                onOpen={
                  isOpen
                    ? () => pane.current?.querySelector<HTMLElement>("[data-viewer]")?.focus()
                    : open
                }
                onSight={onSight}
                tableRef={table}
              />
            )}
          </div>
          {isOpen && place.selected !== null && (
            <section ref={pane} className={css.document} aria-label={t("search.opened")}>
              <LookedFor value={(rows.first?.words ?? []).join(" ")}>
                <DocumentPane
                  id={place.selected}
                  account={account}
                  network={network}
                  onBack={close}
                  onGone={() => onPlace({ open: false, selected: null })}
                  onSigning={() => undefined}
                  comparing={{ held, onHold, listOpen: true, onList: () => undefined }}
                />
              </LookedFor>
            </section>
          )}
        </div>
      </Activity>
    </main>
  );
}
