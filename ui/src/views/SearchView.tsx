import { useQueryClient } from "@tanstack/react-query";
import { Activity, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../api/settings";
import { DocumentPane } from "../features/document/DocumentPane";
import { wordName } from "../features/intake/kinds";
import { SearchField } from "../features/list/SearchField";
import { columnsOf } from "../features/search/columns";
import {
  DIMENSIONS,
  type Dimension,
  Facets,
  useFacets,
  useFacetWords,
} from "../features/search/Facets";
import { isAsking, type SearchPlace } from "../features/search/place";
import { ResultBar } from "../features/search/ResultBar";
import { ResultTable } from "../features/search/ResultTable";
import { SavedSearches } from "../features/search/SavedSearches";
import { SearchGuide } from "../features/search/SearchGuide";
import { Understood } from "../features/search/Understood";
import { askAhead, useFoundRows } from "../features/search/useFoundRows";
import type { Held } from "../features/viewer/Compare";
import { LookedFor } from "../features/viewer/lookedFor";
import type {
  AccountDto,
  Network,
  SavedSearchDto,
  SearchColumn,
  SearchFormat,
  SearchNarrow,
  SearchOrder,
} from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { cx } from "../shared/cx";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import unseen from "../shared/hidden.module.css";
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
  const { text, narrow, order, selected } = place;
  const asking = isAsking(place);
  const isOpen = place.open && selected !== null;
  const { rows, isHere } = useFoundRows({ text, narrow, order }, sight.first, sight.last, asking);
  // The guide stays until the first rows are here: they come in its place at once.
  const [begun, setBegun] = useState(false);
  if (begun !== (asking && (begun || isHere))) setBegun(!begun);
  const isGuided = guide || !begun;
  const remembered = read("search.columns");
  const columns = useMemo(() => columnsOf(remembered), [remembered]);
  const { facets, isHere: isCounted } = useFacets(text, narrow);
  // With the rows comes a count as far as a hand scrolls; the whole one when typing pauses.
  const counted = isCounted && rows.shownText === text ? facets : undefined;
  const total = rows.first?.is_more === true ? (counted?.counted ?? rows.total) : rows.total;
  const isMore = rows.first?.is_more === true && counted?.is_more !== false;
  const narrowed = DIMENSIONS.map(([dimension]) => dimension)
    .filter((dimension: Dimension) => narrow[dimension] !== "")
    .map((dimension: Dimension) =>
      words(dimension, { value: narrow[dimension], name: wordName(narrow[dimension]) }),
    );
  const narrowedBy = narrowed.join(" · ");
  const {
    mutate: save,
    isPending: isSaving,
    error: unsaved,
  } = useExport((format: SearchFormat) => {
    const query = { text, narrow, order, skip: 0, limit: 0 };
    return host().call("search_export", { query, columns, format, narrowed: narrowedBy });
  });
  // Other words begin at the first row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when what is looked for is another.
  useEffect(() => setAt(0), [text, narrow, order]);

  // What is below stays as it is while its answers do, so that a key makes none of it anew.
  const onSight = useCallback(
    (first: number, last: number) =>
      setSight((old) => (old.first === first && old.last === last ? old : { first, last })),
    [],
  );
  const onAt = useCallback(
    (index: number, id: string | undefined) => {
      setAt(index);
      onPlace({ selected: id ?? null });
    },
    [onPlace],
  );
  const onOpen = useCallback(
    (id: string) => {
      if (isOpen) pane.current?.querySelector<HTMLElement>("[data-viewer]")?.focus();
      else onPlace({ selected: id, open: true });
    },
    [isOpen, onPlace],
  );
  const close = useCallback(() => {
    onPlace({ open: false });
    table.current?.focus();
  }, [onPlace]);
  const onOrder = useCallback((next: SearchOrder) => onPlace({ order: next }), [onPlace]);
  const onNarrow = useCallback((next: SearchNarrow) => onPlace({ narrow: next }), [onPlace]);
  const onColumns = useCallback(
    (next: readonly SearchColumn[]) => void remember("search.columns", next.join(",")),
    [remember],
  );
  const onChoose = useCallback(
    (saved: SavedSearchDto) => {
      setGuide(false);
      onPlace({ text: saved.text, narrow: saved.narrow, open: false });
    },
    [onPlace],
  );
  const search = useCallback(
    (next: string) => {
      // Asked before anything is made anew on the screen: both take their time side by side.
      askAhead(client, { text: next, narrow, order });
      onPlace({ text: next, open: false });
    },
    [client, narrow, order, onPlace],
  );
  const tryOut = useCallback(
    (example: string) => {
      setGuide(false);
      search(example);
      table.current?.focus();
    },
    [search],
  );
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
            aria-pressed={isGuided}
            onClick={() => setGuide((old) => !old)}
            data-testid="search-help"
          >
            {t("search.help")}
          </Button>
        </div>
        <Understood page={asking ? rows.first : undefined} />
        <SavedSearches place={memory} asking={asking} onChoose={onChoose} />
      </header>
      {unsaved !== null && <ErrorMessage error={unsaved} className={css.error} />}
      {rows.error != null && <ErrorMessage error={rows.error} className={css.error} />}
      <div className={css.below}>
        <div className={cx(css.body, isGuided && css.covered)} inert={isGuided}>
          {!isOpen && <Facets facets={facets} narrow={narrow} onNarrow={onNarrow} />}
          <div
            className={cx(css.results, isOpen && css.beside)}
            data-testid="found-frame"
            data-text={rows.shownText}
          >
            <ResultBar
              total={total}
              isMore={isMore}
              order={order}
              columns={columns}
              isOpen={isOpen}
              isSaving={isSaving}
              onOrder={onOrder}
              onColumns={onColumns}
              onSave={save}
              onBack={close}
            />
            {rows.first !== undefined && rows.total === 0 ? (
              <Empty
                icon="search"
                title={t("search.none.title")}
                text={t(narrowedBy === "" ? "search.none.text" : "search.none.narrowed")}
              >
                <Button onClick={() => setGuide(true)}>{t("search.help")}</Button>
              </Empty>
            ) : (
              <ResultTable
                rows={rows}
                total={total}
                columns={isOpen ? NARROW_COLUMNS : columns}
                label={t("search.results")}
                at={Math.min(at, Math.max(0, total - 1))}
                onAt={onAt}
                onOpen={onOpen}
                onSight={onSight}
                tableRef={table}
              />
            )}
          </div>
          {isOpen && (
            <Activity mode={isGuided ? "hidden" : "visible"}>
              <section ref={pane} className={css.document} aria-label={t("search.opened")}>
                <LookedFor value={(rows.first?.words ?? []).join(" ")}>
                  <DocumentPane
                    id={selected}
                    account={account}
                    network={network}
                    onBack={close}
                    onGone={() => onPlace({ open: false, selected: null })}
                    onSigning={() => undefined}
                    comparing={{ held, onHold, listOpen: true, onList: () => undefined }}
                  />
                </LookedFor>
              </section>
            </Activity>
          )}
        </div>
        {isGuided && <SearchGuide onTry={tryOut} />}
      </div>
    </main>
  );
}
