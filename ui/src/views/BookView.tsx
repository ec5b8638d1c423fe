import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { BookTable } from "../features/book/BookTable";
import { ColumnMenu } from "../features/book/ColumnMenu";
import {
  incomingCell,
  loanCell,
  mailCell,
  outgoingCell,
  trackingCell,
} from "../features/book/cells";
import { useColumns } from "../features/book/columns";
import { LeaseLine } from "../features/book/LeaseLine";
import { type BookLines, type Entry, useBook } from "../features/book/useBook";
import { DayBox } from "../features/intake/DayBox";
import { todayHere } from "../features/intake/days";
import { SearchField } from "../features/list/SearchField";
import type {
  BookDto,
  BookFormat,
  RegisterColumn,
  RegisterKind,
  RegisterProgress,
} from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { cx } from "../shared/cx";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import unseen from "../shared/hidden.module.css";
import { Segmented } from "../shared/Segmented";
import box from "../shared/SuggestField.module.css";
import { useExport } from "../shared/useExport";
import css from "./BookView.module.css";

interface BookViewProps {
  onOpenDocument: (id: string, direction: string) => void;
}

const REGISTERS: readonly RegisterKind[] = ["incoming", "outgoing", "tracking", "mail", "loans"];
const PROGRESS: readonly RegisterProgress[] = [
  "open",
  "near",
  "overdue",
  "done_in_time",
  "done_late",
];

/** The registers of Decree 30/2020, Appendix IV, found again by day and by word, printed and bound. */
export function BookView({ onOpenDocument }: BookViewProps) {
  const { t } = useTranslation();
  const [register, setRegister] = useState<RegisterKind>("incoming");
  return (
    <main className={css.book} data-testid={`book-${register}`}>
      <div className={css.registers}>
        <Segmented
          label={t("book.register")}
          value={register}
          options={REGISTERS.map((value) => ({ value, label: t(`book.registers.${value}`) }))}
          onChange={setRegister}
        />
      </div>
      {register === "outgoing" ? (
        <OutgoingBook onOpenDocument={onOpenDocument} />
      ) : register === "mail" || register === "loans" ? (
        <PaperBook key={register} register={register} onOpenDocument={onOpenDocument} />
      ) : (
        <IncomingBook key={register} register={register} onOpenDocument={onOpenDocument} />
      )}
    </main>
  );
}

function bookKey(book: Pick<BookDto, "book" | "year">): string {
  return `${book.book} ${book.year}`;
}

const EVERYTHING = {
  from: "",
  to: "",
  activity: "",
  text: "",
  progress: null as RegisterProgress | null,
};
type Filter = typeof EVERYTHING;

/** What came in, or how it is handled: in the books that the server keeps. */
function IncomingBook(props: BookViewProps & { register: "incoming" | "tracking" }) {
  const { register, onOpenDocument } = props;
  const { t } = useTranslation();
  const options = useRead("intake", "register_options", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const books = options.data?.books ?? [];
  const book = books.find((each) => bookKey(each) === chosen) ?? books[0];
  if (book === undefined) {
    return (
      <>
        <h1 className={unseen.hidden}>{t("nav.book")}</h1>
        {options.error !== null && (
          <ErrorMessage error={options.error} className={css.error}>
            <Button onClick={() => void options.refetch()}>{t("app.retry")}</Button>
          </ErrorMessage>
        )}
        {options.data !== undefined && (
          <Empty icon="book" title={t("book.none.title")} text={t("book.none.text")} />
        )}
      </>
    );
  }
  const activities = options.data?.activities ?? [];
  const choose = (
    <>
      {books.length > 1 && (
        <select
          className={box.input}
          aria-label={t("book.choose")}
          value={bookKey(book)}
          onChange={(event) => {
            setChosen(event.target.value);
            setFilter(EVERYTHING);
          }}
          data-testid="book-choose"
        >
          {books.map((each) => (
            <option key={bookKey(each)} value={bookKey(each)}>
              {each.name} {each.year}
            </option>
          ))}
        </select>
      )}
      {books.length === 1 && <span className={css.year}>{book.year}</span>}
    </>
  );
  const narrow = (
    <>
      {activities.length > 0 && (
        <select
          className={cx(box.input, css.activity)}
          aria-label={t("book.byActivity")}
          value={filter.activity}
          onChange={(event) => setFilter((old) => ({ ...old, activity: event.target.value }))}
          data-testid="book-activity"
        >
          <option value="">{t("book.everyActivity")}</option>
          {activities.map((each) => (
            <option key={each.code} value={each.code}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      {register === "tracking" && (
        <select
          className={cx(box.input, css.activity)}
          aria-label={t("book.byProgress")}
          value={filter.progress ?? ""}
          onChange={(event) => {
            const progress = PROGRESS.find((one) => one === event.target.value) ?? null;
            setFilter((old) => ({ ...old, progress }));
          }}
          data-testid="book-progress"
        >
          <option value="">{t("book.everyProgress")}</option>
          {PROGRESS.map((one) => (
            <option key={one} value={one}>
              {t(`book.progress.${one}`)}
            </option>
          ))}
        </select>
      )}
    </>
  );
  const shared = {
    choose,
    narrow,
    filter,
    onFilter: setFilter,
    of: book,
    onOpen: (document: string) => onOpenDocument(document, "incoming"),
  };
  return register === "incoming" ? (
    <OpenRegister
      key={bookKey(book)}
      {...shared}
      register="incoming"
      title={book.name}
      cell={(entry, column) => incomingCell(t, entry, column)}
      note={() => <LeaseLine book={book} />}
    />
  ) : (
    <OpenRegister
      key={bookKey(book)}
      {...shared}
      register="tracking"
      title={t("book.title.tracking")}
      cell={(entry, column) => trackingCell(t, entry, column)}
      note={() => <p className={css.note}>{t("book.ownSight")}</p>}
    />
  );
}

/** What goes out, by series and year: as far as this account sees it. */
function OutgoingBook({ onOpenDocument }: BookViewProps) {
  const { t } = useTranslation();
  const [of, setOf] = useState({ book: "", year: Number(todayHere().slice(0, 4)) });
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const choose = ({ first }: BookLines<"outgoing">) => {
    return (
      <>
        <YearSelect
          year={of.year}
          known={first?.years}
          onYear={(year) => setOf({ book: "", year })}
        />
        <select
          className={box.input}
          aria-label={t("book.bySeries")}
          value={of.book}
          onChange={(event) => setOf((old) => ({ ...old, book: event.target.value }))}
          data-testid="book-series"
        >
          <option value="">{t("book.everySeries")}</option>
          {(first?.books ?? []).map((each) => (
            <option key={each.book} value={each.book}>
              {each.name}
            </option>
          ))}
        </select>
      </>
    );
  };
  return (
    <OpenRegister
      register="outgoing"
      choose={choose}
      narrow={null}
      filter={filter}
      onFilter={setFilter}
      of={of}
      title={t("book.title.outgoing")}
      cell={(entry, column) => outgoingCell(t, entry, column)}
      note={({ first }) =>
        first !== undefined &&
        first.unseen > 0 && (
          <p className={css.note} data-testid="book-unseen">
            {t("book.unseen", { count: first.unseen })}
          </p>
        )
      }
      onOpen={(document) => onOpenDocument(document, "outgoing")}
    />
  );
}

/** What went by post, or who used a file copy, in a year. */
function PaperBook(props: BookViewProps & { register: "mail" | "loans" }) {
  const { register, onOpenDocument } = props;
  const { t } = useTranslation();
  const [year, setYear] = useState(Number(todayHere().slice(0, 4)));
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const shared = {
    choose: ({ first }: { first: { years: number[] } | undefined }) => (
      <YearSelect year={year} known={first?.years} onYear={setYear} />
    ),
    narrow: null,
    filter,
    onFilter: setFilter,
    of: { book: "", year },
    title: t(`book.title.${register}`),
    note: () => null,
    onOpen: (document: string) => onOpenDocument(document, "outgoing"),
  };
  return register === "mail" ? (
    <OpenRegister {...shared} register="mail" cell={mailCell} />
  ) : (
    <OpenRegister
      {...shared}
      register="loans"
      cell={(entry, column) => loanCell(t, entry, column)}
    />
  );
}

interface YearSelectProps {
  year: number;
  /** The years that have lines. */
  known: readonly number[] | undefined;
  onYear: (year: number) => void;
}

function YearSelect({ year, known = [], onYear }: YearSelectProps) {
  const { t } = useTranslation();
  const years = [...new Set([year, ...known])].sort((a, b) => b - a);
  return (
    <select
      className={box.input}
      aria-label={t("book.byYear")}
      value={year}
      onChange={(event) => onYear(Number(event.target.value))}
      data-testid="book-year"
    >
      {years.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}

interface OpenRegisterProps<K extends RegisterKind> {
  register: K;
  /** Which book of it. */
  choose: ReactNode | ((lines: BookLines<K>) => ReactNode);
  /** Filters of this register alone. */
  narrow: ReactNode;
  filter: Filter;
  onFilter: (change: (old: Filter) => Filter) => void;
  of: { book: string; year: number };
  title: string;
  cell: (entry: Entry<K>, column: RegisterColumn) => ReactNode;
  /** What is to be known of it. */
  note: (lines: BookLines<K>) => ReactNode;
  onOpen: (document: string) => void;
}

function OpenRegister<K extends RegisterKind>(props: OpenRegisterProps<K>) {
  const { register, choose, narrow, filter, onFilter, of, title, cell, note } = props;
  const { t } = useTranslation();
  const id = useId();
  const table = useRef<HTMLDivElement>(null);
  const query = { book: of.book, year: of.year, ...filter };
  const lines = useBook(register, query);
  const columns = useColumns(register);
  const save = useExport((format: BookFormat) =>
    host().call("book_export", {
      register,
      query: { ...query, offset: 0, limit: 1 },
      columns: columns.isDecree ? [] : [...columns.shown],
      format,
    }),
  );
  const toTable = () => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  const filtered = Object.values(filter).some((value) => value !== "" && value !== null);
  const kind: RegisterKind = register;
  const empty = filtered ? ("book.nothingFound" as const) : (`book.empty.${kind}` as const);
  const started = lines.entries.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first lines are there.
  useEffect(() => {
    if (started && document.activeElement === document.body) toTable();
  }, [started]);
  return (
    <>
      <div className={css.head}>
        <div className={css.which}>
          <h1 className={css.title}>{title}</h1>
          {typeof choose === "function" ? choose(lines) : choose}
          <span className={css.count} role="status" data-testid="book-count">
            {t(kind === "mail" || kind === "loans" ? "paper.count" : "book.count", {
              count: lines.total,
            })}
          </span>
        </div>
        <div className={css.acts}>
          <ColumnMenu register={register} columns={columns} />
          <Button
            icon="print"
            disabled={save.isPending || lines.total === 0}
            onClick={() => save.mutate("PDF")}
            data-testid="book-pdf"
          >
            {t("book.pdf")}
          </Button>
          <Button
            icon="sheet"
            disabled={save.isPending || lines.total === 0}
            onClick={() => save.mutate("XLSX")}
            data-testid="book-xlsx"
          >
            {t("book.xlsx")}
          </Button>
        </div>
        <div className={css.filters}>
          <div className={css.search}>
            <SearchField
              section={t("nav.book")}
              value={filter.text}
              onSearch={(text) => onFilter((old) => ({ ...old, text }))}
              onDown={toTable}
            />
          </div>
          {(["from", "to"] as const).map((end) => (
            <div key={end} className={css.day}>
              <label htmlFor={`${id}-${end}`}>{t(`book.${end}`)}</label>
              <DayBox
                id={`${id}-${end}`}
                value={filter[end]}
                onDay={(day) => onFilter((old) => ({ ...old, [end]: day }))}
                testId={`book-day-${end}`}
              />
            </div>
          ))}
          {narrow}
          {filtered && (
            <Button tone="quiet" onClick={() => onFilter(() => EVERYTHING)} data-testid="book-all">
              {t("book.all")}
            </Button>
          )}
        </div>
      </div>
      {note(lines)}
      {save.error !== null && <ErrorMessage error={save.error} className={css.error} />}
      {lines.error != null && <ErrorMessage error={lines.error} className={css.error} />}
      {!lines.loading && lines.total === 0 ? (
        <Empty icon="book" title={t(`${empty}.title`)} text={t(`${empty}.text`)} />
      ) : (
        <div ref={table} className={css.table}>
          <BookTable
            register={register}
            lines={lines}
            columns={columns.shown}
            cell={cell}
            label={`${title} ${of.year}`}
            onOpen={props.onOpen}
          />
        </div>
      )}
    </>
  );
}
