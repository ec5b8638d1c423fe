import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { ImportJudgement } from "../../generated/types";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import page from "../../views/Page.module.css";
import css from "./Importing.module.css";
import { faultKey, noticeKey, remedyKey } from "./words";

/** Faults of one part of the list. */
const PART = 50;

/** What the dry run found: counts, what is worth a look, and every fault with its row. */
export function Check({ found }: { found: ImportJudgement }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <dl className={css.counts} data-testid="import-counts">
        {(["good", "already", "refused", "files"] as const).map((name) => (
          <div key={name} className={css.count}>
            <dt>{t(`import.found.${name}`)}</dt>
            <dd data-testid={`import-${name}`}>{found[name].toLocaleString(i18n.language)}</dd>
          </div>
        ))}
      </dl>
      {found.notices.map(({ code, rows }) => (
        <p key={code} className={page.quiet}>
          {t(noticeKey(code), { count: rows })}
        </p>
      ))}
      {found.more_files > 0 && (
        <p className={page.quiet}>{t("import.moreFiles", { count: found.more_files })}</p>
      )}
      {found.refused > 0 && <Faults found={found} />}
    </>
  );
}

function Faults({ found }: { found: ImportJudgement }) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [offset, setOffset] = useState(0);
  const part = useRead(
    "sync",
    "import_faults",
    { code: code === "" ? null : code, offset, limit: PART },
    { keepOld: true },
  );
  const { faults, total } = part.data ?? { faults: [], total: 0 };
  return (
    <div className={css.faults}>
      <div className={css.terms}>
        <h3 className={page.groupTitle}>{t("import.faultsTitle")}</h3>
        <select
          className={css.select}
          aria-label={t("import.filter")}
          value={code}
          onChange={(event) => {
            setCode(event.target.value);
            setOffset(0);
          }}
          data-testid="import-filter"
        >
          <option value="">{t("import.allFaults")}</option>
          {found.faults.map((one) => (
            <option key={one.code} value={one.code}>
              {t(faultKey(one.code))} ({one.rows})
            </option>
          ))}
        </select>
      </div>
      {part.error !== null && <ErrorMessage error={part.error} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys */}
      <section className={css.scroll} tabIndex={0} aria-label={t("import.faultsTitle")}>
        <table className={css.table} data-testid="import-faults">
          <thead>
            <tr>
              {(["line", "column", "fault", "remedy"] as const).map((column) => (
                <th key={column} scope="col" className={column === "line" ? css.number : undefined}>
                  {t(`import.faultColumn.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {faults.map((fault, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row may have a fault twice
              <tr key={place} data-testid="import-fault" data-code={fault.code}>
                <td className={css.number}>{fault.line}</td>
                <td>{fault.field !== null && t(`import.field.${fault.field}`)}</td>
                <td>{t(faultKey(fault.code))}</td>
                <td>{t(remedyKey(fault.code))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {total > PART && (
        <div className={css.acts}>
          <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PART))}>
            {t("import.previous")}
          </Button>
          <span className={page.quiet}>
            {t("import.range", {
              from: offset + 1,
              to: Math.min(offset + PART, total),
              total,
            })}
          </span>
          <Button disabled={offset + PART >= total} onClick={() => setOffset(offset + PART)}>
            {t("import.next")}
          </Button>
        </div>
      )}
    </div>
  );
}
