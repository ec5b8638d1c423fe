import { useTranslation } from "react-i18next";
import type { ImportPreview } from "../../generated/types";
import { formatDay } from "../../shared/format";
import css from "./Importing.module.css";
import { faultKey } from "./words";

/** The first rows as they would stand in the register; what is wrong with a row in its place. */
export function Preview({ rows }: { rows: readonly ImportPreview[] }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys
    <section className={css.scroll} tabIndex={0} aria-label={t("import.previewTitle")}>
      <table className={css.table} data-testid="import-preview">
        <caption className={css.caption}>{t("import.previewTitle")}</caption>
        <thead>
          <tr>
            {(["line", "number", "on", "notation", "issuer", "subject", "files"] as const).map(
              (column) => (
                <th
                  key={column}
                  scope="col"
                  className={column === "line" || column === "number" ? css.number : undefined}
                >
                  {t(`import.preview.${column}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line} data-wrong={row.faults.length > 0 || undefined}>
              <td className={css.number}>{row.line}</td>
              {row.faults.length > 0 ? (
                <td colSpan={6} className={css.wrong}>
                  {row.faults
                    .map(({ field, code }) =>
                      field === null
                        ? t(faultKey(code))
                        : `${t(`import.field.${field}`)}: ${t(faultKey(code))}`,
                    )
                    .join("; ")}
                </td>
              ) : (
                <>
                  <td className={css.number}>{row.number}</td>
                  <td className={css.day}>{row.on !== null && formatDay(row.on)}</td>
                  <td className={css.day}>{row.notation}</td>
                  <td>
                    {row.issuer}
                    {row.issuer_code !== "" && <small> {row.issuer_code}</small>}
                  </td>
                  <td className={css.subject}>{row.subject}</td>
                  <td>{row.files.join(", ")}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
