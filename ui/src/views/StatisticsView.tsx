import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SaveMenu } from "../features/dossiers/SaveMenu";
import { DrillDialog } from "../features/statistics/DrillDialog";
import { GroupTable } from "../features/statistics/GroupTable";
import { HandlingCard } from "../features/statistics/HandlingCard";
import { DIMENSIONS, type Drilled, hasOutgoing } from "../features/statistics/measures";
import { PeriodChooser } from "../features/statistics/PeriodChooser";
import type { StatisticsPlace } from "../features/statistics/place";
import { SharesCard } from "../features/statistics/SharesCard";
import { useGroupName } from "../features/statistics/useGroupName";
import { useStatistics } from "../features/statistics/useStatistics";
import type { StatisticsBy } from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import { formatDateTime } from "../shared/format";
import { Segmented } from "../shared/Segmented";
import css from "./StatisticsView.module.css";

interface StatisticsViewProps {
  place: StatisticsPlace;
  onPlace: (place: StatisticsPlace) => void;
  onOpenDocument: (id: string, direction: string) => void;
}

/** Thống kê: what the documents of a period came to, and the documents behind each number. */
export function StatisticsView({ place, onPlace, onOpenDocument }: StatisticsViewProps) {
  const { t } = useTranslation();
  const { period } = place;
  const asked = { from: period.from, to: period.to, by: place.by };
  const { counted, again } = useStatistics(asked);
  const [drilled, setDrilled] = useState<Drilled | null>(null);
  const { query, found } = counted.data ?? { query: asked, found: undefined };
  const { by } = query;
  const nameOf = useGroupName(by);
  const isEmpty =
    found !== undefined &&
    found.total.incoming + found.total.carried + found.total.outgoing + found.dossiers.all === 0;
  const title = ({ measure, group }: Drilled) => {
    const name = t(`statistics.measure.${measure}`);
    return group === null ? name : `${name} – ${nameOf(group)}`;
  };
  return (
    <main className={css.view} data-testid="statistics" aria-busy={counted.isPlaceholderData}>
      <header className={css.head}>
        <h1 className={css.title}>{t("nav.statistics")}</h1>
        <PeriodChooser period={period} onPeriod={(next) => onPlace({ ...place, period: next })} />
        <div className={css.acts}>
          <Button icon="sync" onClick={again} data-testid="statistics-again">
            {t("statistics.again")}
          </Button>
          {found !== undefined && !isEmpty && (
            <SaveMenu
              of="statistics"
              formats={(["PDF", "XLSX"] as const).map((format) => ({
                format,
                name: t(`statistics.save.${format}`),
              }))}
              make={(format) => host().call("statistics_export", { query, format })}
            />
          )}
        </div>
        {found !== undefined && (
          <p className={css.note} data-testid="statistics-sight">
            {t(`statistics.sight.${found.sight}`)}{" "}
            {t("statistics.at", { at: formatDateTime(found.at) })}
          </p>
        )}
      </header>
      {counted.error !== null && (
        <ErrorMessage error={counted.error} className={css.error}>
          <Button onClick={again}>{t("app.retry")}</Button>
        </ErrorMessage>
      )}
      {isEmpty && (
        <Empty icon="chart" title={t("statistics.empty.title")} text={t("statistics.empty.text")} />
      )}
      {found !== undefined && !isEmpty && (
        <div className={css.body}>
          <div className={css.cards}>
            <HandlingCard
              figures={found.total}
              onOpen={(measure) => setDrilled({ measure, group: null })}
            />
            <SharesCard found={found} onOpen={(measure) => setDrilled({ measure, group: null })} />
          </div>
          <div className={css.by}>
            <Segmented<StatisticsBy>
              label={t("statistics.byLabel")}
              value={place.by}
              options={DIMENSIONS.map((value) => ({ value, label: t(`statistics.by.${value}`) }))}
              onChange={(next) => onPlace({ ...place, by: next })}
            />
          </div>
          <GroupTable found={found} by={by} onOpen={setDrilled} />
          {found.overlap && (
            <p className={css.note} data-testid="statistics-overlap">
              {t("statistics.overlap")}
            </p>
          )}
          {!hasOutgoing(by) && <p className={css.note}>{t("statistics.incomingOnly")}</p>}
        </div>
      )}
      {drilled !== null && found !== undefined && (
        <DrillDialog
          title={title(drilled)}
          query={{
            ...query,
            at: found.at,
            measure: drilled.measure,
            group: drilled.group?.key ?? null,
          }}
          onOpenDocument={onOpenDocument}
          onClose={() => setDrilled(null)}
        />
      )}
    </main>
  );
}
