import { useTranslation } from "react-i18next";
import type { DocumentFlow } from "../../generated/types";
import { formatDateTime } from "../../shared/format";
import css from "./Flow.module.css";
import { stateWord } from "./words";

/** The document's way through the office, newest step first. */
export function Flow({ steps }: { steps: readonly DocumentFlow[] }) {
  const { t } = useTranslation();
  if (steps.length === 0) return <p className={css.empty}>{t("flow.empty")}</p>;
  return (
    <ol className={css.flow} aria-label={t("flow.label")}>
      {steps.toReversed().map((step) => (
        <li key={`${step.at} ${step.state} ${step.note}`} className={css.step}>
          <p className={css.state}>{stateWord(step.state, t)}</p>
          {step.note !== "" && <p>{step.note}</p>}
          <p className={css.who}>
            {step.who} · {formatDateTime(step.at)}
          </p>
        </li>
      ))}
    </ol>
  );
}
