import { useTranslation } from "react-i18next";
import type { FiguresDto, StatisticsMeasure } from "../../generated/types";
import { onCellKey } from "./cellKeys";
import { Figure } from "./Figure";
import { HandlingBar, Swatch } from "./HandlingBar";
import { HANDLING } from "./measures";
import css from "./Statistics.module.css";
import { useShare } from "./useShare";

interface HandlingCardProps {
  figures: FiguresDto;
  onOpen: (measure: StatisticsMeasure) => void;
}

/** How far the incoming documents of the period have come, as a bar and as the table of it. */
export function HandlingCard({ figures, onOpen }: HandlingCardProps) {
  const { t } = useTranslation();
  const share = useShare();
  const row = (measure: StatisticsMeasure, count: number) => (
    <td className={css.number}>
      <Figure
        count={count}
        of={t(`statistics.measure.${measure}`)}
        onOpen={() => onOpen(measure)}
        testId={`statistics-${measure}`}
      />
    </td>
  );
  return (
    <section className={css.card} aria-labelledby="statistics-handling">
      <h2 id="statistics-handling" className={css.cardTitle}>
        {t("statistics.handling")}
      </h2>
      <HandlingBar figures={figures} whole={figures.incoming} numbered />
      {/* Arrow keys are an addition to Tab, which reaches every number. */}
      <table className={css.table} onKeyDown={onCellKey}>
        <thead>
          <tr>
            <th scope="col">{t("statistics.progress")}</th>
            <th scope="col" className={css.number}>
              {t("statistics.documents")}
            </th>
            <th scope="col" className={css.number}>
              {t("statistics.share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {HANDLING.map((part) => (
            <tr key={part}>
              <th scope="row">
                <Swatch part={part} />
                {t(`statistics.measure.${part}`)}
              </th>
              {row(part, figures[part])}
              <td className={css.number}>{share(figures[part], figures.incoming)}</td>
            </tr>
          ))}
          <tr className={css.total}>
            <th scope="row">{t("statistics.measure.incoming")}</th>
            {row("incoming", figures.incoming)}
            <td className={css.number}>{share(figures.incoming, figures.incoming)}</td>
          </tr>
          <tr>
            <th scope="row">{t("statistics.measure.carried")}</th>
            {row("carried", figures.carried)}
            <td />
          </tr>
          <tr>
            <th scope="row" className={css.below}>
              {t("statistics.measure.carried_overdue")}
            </th>
            {row("carried_overdue", figures.carried_overdue)}
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}
