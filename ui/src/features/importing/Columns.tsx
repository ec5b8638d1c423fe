import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "../../api/query";
import type { ImportField, ImportState, ImportTable } from "../../generated/types";
import { host } from "../../platform";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Segmented } from "../../shared/Segmented";
import page from "../../views/Page.module.css";
import css from "./Importing.module.css";
import { Preview } from "./Preview";

interface ColumnsProps {
  state: ImportState;
  table: ImportTable;
  busy: boolean;
}

/** What each column is, guessed and changed by the clerk, and how the first rows will stand. */
export function Columns({ state, table, busy }: ColumnsProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const told = (next: ImportState) => client.setQueryData(keyOf("sync", "import_state", {}), next);
  const map = useMutation({
    mutationFn: (change: Partial<Pick<ImportTable, "direction" | "book">> & { columns?: Fields }) =>
      host().call("import_map", {
        direction: table.direction,
        book: table.book,
        columns: table.columns.map(({ field }) => field),
        ...change,
      }),
    onSuccess: told,
  });
  const sheet = useMutation({
    mutationFn: (place: number) => host().call("import_sheet", { sheet: place }),
    onSuccess: told,
  });
  const choose = (place: number, field: ImportField | null) =>
    map.mutate({
      columns: table.columns.map((column, at) => {
        if (at === place) return field;
        return column.field === field ? null : column.field;
      }),
    });
  const off = busy || map.isPending || sheet.isPending;
  const error = map.error ?? sheet.error;
  return (
    <section className={page.group} aria-label={t("import.step.columns")}>
      <h2 className={page.groupTitle}>{t("import.step.columns")}</h2>
      <div className={css.terms}>
        <Segmented
          label={t("import.direction.label")}
          value={table.direction}
          options={(["incoming", "outgoing"] as const).map((value) => ({
            value,
            label: t(`import.direction.${value}`),
          }))}
          onChange={(direction) => map.mutate({ direction })}
        />
        {table.direction === "incoming" && (
          <label className={css.term}>
            <span>{t("import.bookLabel")}</span>
            <select
              className={css.select}
              value={table.book}
              disabled={off}
              onChange={(event) => map.mutate({ book: event.target.value })}
              data-testid="import-book"
            >
              {state.books.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {table.sheets.length > 1 && (
          <label className={css.term}>
            <span>{t("import.sheet")}</span>
            <select
              className={css.select}
              value={table.sheet}
              disabled={off}
              onChange={(event) => sheet.mutate(Number(event.target.value))}
              data-testid="import-sheet"
            >
              {table.sheets.map((name, place) => (
                <option key={name} value={place}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys */}
      <section className={css.scroll} tabIndex={0} aria-label={t("import.column.table")}>
        <table className={css.table} data-testid="import-columns">
          <thead>
            <tr>
              <th scope="col">{t("import.column.heading")}</th>
              <th scope="col">{t("import.column.samples")}</th>
              <th scope="col">{t("import.column.field")}</th>
            </tr>
          </thead>
          <tbody>
            {table.columns.map((column, place) => {
              const heading = column.heading || t("import.column.unnamed");
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <tr key={place}>
                  <th scope="row" className={css.heading}>
                    {heading}
                  </th>
                  <td className={css.samples}>{column.samples.join(" · ")}</td>
                  <td>
                    <select
                      className={css.select}
                      aria-label={t("import.column.of", { heading })}
                      value={column.field ?? ""}
                      disabled={off}
                      onChange={(event) =>
                        choose(place, (event.target.value || null) as ImportField | null)
                      }
                      data-testid="import-column"
                      data-heading={column.heading}
                    >
                      <option value="">{t("import.column.none")}</option>
                      {table.fields.map((field) => (
                        <option key={field} value={field}>
                          {t(`import.field.${field}`)}
                        </option>
                      ))}
                    </select>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {table.missing.length > 0 && (
        <p className={css.missing} role="alert" data-testid="import-missing">
          {t("import.missing", {
            fields: table.missing.map((field) => t(`import.field.${field}`)).join(", "),
          })}
        </p>
      )}
      {error !== null && <ErrorMessage error={error} />}
      <Preview rows={table.preview} />
    </section>
  );
}

type Fields = Array<ImportField | null>;
