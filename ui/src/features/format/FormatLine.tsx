import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ErrorMessage } from "../../shared/ErrorMessage";
import css from "./Format.module.css";
import { FormatSummary } from "./FormatSummary";
import { faultsOf, Words } from "./findings";
import { useFormat } from "./useFormat";

/** How a file is set, in a line that can be opened: where its pages are not beside it. */
export function FormatLine({ sha256 }: { sha256: string }) {
  const { t, i18n } = useTranslation();
  const { check, error } = useFormat(sha256);
  const review = check?.review ?? null;
  const faults = useMemo(() => (review === null ? [] : faultsOf(review)), [review]);
  const words = new Words(t, i18n.language);
  if (error !== null) return <ErrorMessage error={error} />;
  return (
    <div className={css.line} data-testid="format-line">
      <div className={css.lineTop}>
        {t("format.title")}
        <FormatSummary check={check} faults={faults} />
      </div>
      {review?.checked === false && <p className={css.quiet}>{t("format.imageText")}</p>}
      {faults.length > 0 && (
        <details className={css.details}>
          <summary>{t("format.details")}</summary>
          <ul className={css.plain}>
            {faults.map((fault) => (
              <li key={fault.id}>{words.line(fault)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
