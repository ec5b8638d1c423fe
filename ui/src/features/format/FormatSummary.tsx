import { useTranslation } from "react-i18next";
import type { FormatCheck } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import css from "./Format.module.css";
import { type Fault, isMust } from "./findings";

interface FormatSummaryProps {
  check: FormatCheck | undefined;
  faults: readonly Fault[];
}

/** The check in a word: correct, how many faults and notes, or that nothing could be checked. */
export function FormatSummary({ check, faults }: FormatSummaryProps) {
  const { t } = useTranslation();
  const review = check?.review;
  const must = faults.filter(isMust).length;
  const should = faults.length - must;
  return (
    <p className={css.summary} role="status" data-testid="format-summary">
      {review == null ? (
        <span className={css.quiet}>
          {check === undefined
            ? t("format.opening")
            : t("format.checking", { done: check.done, pages: check.pages })}
        </span>
      ) : !review.checked ? (
        <Badge tone="neutral" icon="question">
          {t("format.image")}
        </Badge>
      ) : (
        <>
          {must > 0 && (
            <Badge tone="danger" icon="error">
              {t("format.faults", { count: must })}
            </Badge>
          )}
          {should > 0 && (
            <Badge tone="warn" icon="info">
              {t("format.notes", { count: should })}
            </Badge>
          )}
          {/* Pages that could not be checked may hold anything. */}
          {faults.length === 0 && review.unchecked.length + review.empty.length === 0 && (
            <Badge tone="ok" icon="check">
              {t("format.pass")}
            </Badge>
          )}
        </>
      )}
    </p>
  );
}
