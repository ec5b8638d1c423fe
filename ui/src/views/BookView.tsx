import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { BookTable } from "../features/book/BookTable";
import { LeaseLine } from "../features/book/LeaseLine";
import { useBook } from "../features/book/useBook";
import { parseDay, showDay, todayHere } from "../features/intake/days";
import { SearchField } from "../features/list/SearchField";
import type { ActivityDto, BookDto, BookFormat } from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { cx } from "../shared/cx";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import unseen from "../shared/hidden.module.css";
import box from "../shared/SuggestField.module.css";
import { useExport } from "../shared/useExport";
import css from "./BookView.module.css";

interface BookViewProps {
  onOpenDocument: (id: string, direction: string) => void;
}

/** Sổ đăng ký văn bản đến: its ten columns, found again by day and by word, printed and bound. */
export function BookView({ onOpenDocument }: BookViewProps) {
  const { t } = useTranslation();
  const options = useRead("intake", "register_options", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const books = options.data?.books ?? [];
  const book = books.find((each) => bookKey(each) === chosen) ?? books[0];
  if (options.error !== null) {
    return (
      <main className={css.book}>
        <h1 className={unseen.hidden}>{t("nav.book")}</h1>
        <ErrorMessage error={options.error} className={css.error}>
          <Button onClick={() => void options.refetch()}>{t("app.retry")}</Button>
        </ErrorMessage>
      </main>
    );
  }
  if (book === undefined) {
    return (
      <main className={css.book}>
        <h1 className={unseen.hidden}>{t("nav.book")}</h1>
        {options.data !== undefined && (
          <Empty icon="book" title={t("book.none.title")} text={t("book.none.text")} />
        )}
      </main>
    );
  }
  return (
    <OpenBook
      key={bookKey(book)}
      book={book}
      books={books}
      activities={options.data?.activities ?? []}
      onChoose={setChosen}
      onOpenDocument={onOpenDocument}
    />
  );
}

function bookKey(book: BookDto): string {
  return `${book.book} ${book.year}`;
}

const EVERYTHING = { from: "", to: "", activity: "", text: "" };

interface OpenBookProps extends BookViewProps {
  book: BookDto;
  books: readonly BookDto[];
  activities: readonly ActivityDto[];
  onChoose: (key: string) => void;
}

function OpenBook(props: OpenBookProps) {
  const { book, books, activities, onChoose, onOpenDocument } = props;
  const { t } = useTranslation();
  const id = useId();
  const table = useRef<HTMLDivElement>(null);
  const [filter, setFilter] = useState(EVERYTHING);
  const query = { book: book.book, year: book.year, ...filter };
  const lines = useBook(query);
  const save = useExport((format: BookFormat) =>
    host().call("book_export", { query: { ...query, offset: 0, limit: 1 }, format }),
  );
  const toTable = () => table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  const filtered = Object.values(filter).some((value) => value !== "");
  const started = lines.entries.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the first lines are there.
  useEffect(() => {
    if (started && document.activeElement === document.body) toTable();
  }, [started]);
  return (
    <main className={css.book}>
      <header className={css.head}>
        <div className={css.which}>
          <h1 className={css.title}>{book.name}</h1>
          {books.length > 1 && (
            <select
              className={box.input}
              aria-label={t("book.choose")}
              value={bookKey(book)}
              onChange={(event) => onChoose(event.target.value)}
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
          <span className={css.count} role="status" data-testid="book-count">
            {t("book.count", { count: lines.total })}
          </span>
        </div>
        <div className={css.acts}>
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
              onSearch={(text) => setFilter((old) => ({ ...old, text }))}
              onDown={toTable}
            />
          </div>
          {(["from", "to"] as const).map((end) => (
            <div key={end} className={css.day}>
              <label htmlFor={`${id}-${end}`}>{t(`book.${end}`)}</label>
              <DayBox
                id={`${id}-${end}`}
                value={filter[end]}
                onDay={(day) => setFilter((old) => ({ ...old, [end]: day }))}
              />
            </div>
          ))}
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
          {filtered && (
            <Button tone="quiet" onClick={() => setFilter(EVERYTHING)} data-testid="book-all">
              {t("book.all")}
            </Button>
          )}
        </div>
      </header>
      <LeaseLine book={book} />
      {save.error !== null && <ErrorMessage error={save.error} className={css.error} />}
      {lines.error != null && <ErrorMessage error={lines.error} className={css.error} />}
      {!lines.loading && lines.total === 0 ? (
        <Empty
          icon="book"
          title={t(filtered ? "book.nothingFound.title" : "book.empty.title")}
          text={t(filtered ? "book.nothingFound.text" : "book.empty.text")}
        />
      ) : (
        <div ref={table} className={css.table}>
          <BookTable
            lines={lines}
            label={`${book.name} ${book.year}`}
            onOpen={(document) => onOpenDocument(document, "incoming")}
          />
        </div>
      )}
    </main>
  );
}

interface DayBoxProps {
  id: string;
  value: string;
  onDay: (day: string) => void;
}

/** A day as a person types it; what is no day changes nothing and is marked. */
function DayBox({ id, value, onDay }: DayBoxProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (field.current === null || document.activeElement === field.current) return;
    field.current.value = showDay(value);
    setWrong(false);
  }, [value]);
  const commit = () => {
    const day = parseDay(field.current?.value ?? "", todayHere());
    setWrong(day === null);
    if (day === null) return;
    if (field.current !== null) field.current.value = showDay(day);
    onDay(day);
  };
  return (
    <input
      ref={field}
      id={id}
      className={cx(box.input, wrong && box.wrong)}
      defaultValue={showDay(value)}
      placeholder={t("intake.dayHint")}
      autoComplete="off"
      aria-invalid={wrong}
      onInput={() => setWrong(false)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
      }}
      data-testid={`book-day-${id.endsWith("from") ? "from" : "to"}`}
    />
  );
}
