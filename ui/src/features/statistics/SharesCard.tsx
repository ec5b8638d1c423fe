import { useTranslation } from "react-i18next";
import type { StatisticsDto, StatisticsMeasure } from "../../generated/types";
import { onCellKey } from "./cellKeys";
import { Figure } from "./Figure";
import css from "./Statistics.module.css";
import { useShare } from "./useShare";

interface SharesCardProps {
  found: StatisticsDto;
  onOpen: (measure: StatisticsMeasure) => void;
}

interface Share {
  id: "signed" | "sealed" | "electronic" | "by_axis" | "dossiers";
  part: number;
  whole: number;
  /** Of dossiers nothing opens: the section of dossiers has them. */
  open: readonly [part: StatisticsMeasure, whole: StatisticsMeasure] | null;
}

/** What part of documents and dossiers is electronic. */
export function SharesCard({ found, onOpen }: SharesCardProps) {
  const { t } = useTranslation();
  const share = useShare();
  const { total, dossiers } = found;
  const shares: Share[] = [
    { id: "signed", part: total.signed, whole: total.personal, open: ["signed", "personal"] },
    { id: "sealed", part: total.sealed, whole: total.outgoing, open: ["sealed", "outgoing"] },
    {
      id: "electronic",
      part: total.electronic,
      whole: total.outgoing,
      open: ["electronic", "outgoing"],
    },
    { id: "by_axis", part: total.by_axis, whole: total.incoming, open: ["by_axis", "incoming"] },
    { id: "dossiers", part: dossiers.begun, whole: dossiers.all, open: null },
  ];
  const number = (measure: StatisticsMeasure | undefined, count: number, id: string) =>
    measure === undefined ? (
      count
    ) : (
      <Figure
        count={count}
        of={t(`statistics.measure.${measure}`)}
        onOpen={() => onOpen(measure)}
        testId={`statistics-share-${id}`}
      />
    );
  return (
    <section className={css.card} aria-labelledby="statistics-shares">
      <h2 id="statistics-shares" className={css.cardTitle}>
        {t("statistics.shares")}
      </h2>
      <table className={css.table} onKeyDown={onCellKey}>
        <thead>
          <tr>
            <th scope="col">{t("statistics.shareOf")}</th>
            <th scope="col" className={css.number}>
              {t("statistics.has")}
            </th>
            <th scope="col" className={css.number}>
              {t("statistics.ofAll")}
            </th>
            <th scope="col" className={css.number}>
              {t("statistics.share")}
            </th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ id, part, whole, open }) => (
            <tr key={id} data-testid={`statistics-row-${id}`}>
              <th scope="row">
                {t(`statistics.shareName.${id}`)}
                <span className={css.meter} aria-hidden="true">
                  <span style={{ width: `${whole === 0 ? 0 : (part / whole) * 100}%` }} />
                </span>
              </th>
              <td className={css.number}>{number(open?.[0], part, id)}</td>
              <td className={css.number}>{number(open?.[1], whole, `${id}-all`)}</td>
              <td className={css.number}>{share(part, whole)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.note}>{t("statistics.electronicNote")}</p>
    </section>
  );
}
