import { useId } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../shared/IconButton";
import { Segmented } from "../../shared/Segmented";
import { DayBox } from "../intake/DayBox";
import { todayHere } from "../intake/days";
import { moved, PERIOD_KINDS, type Period, type PeriodKind, partsOf, periodOf } from "./period";
import css from "./Statistics.module.css";

interface PeriodChooserProps {
  period: Period;
  onPeriod: (period: Period) => void;
}

/** A month, a quarter, a year with those before and after, or two days. */
export function PeriodChooser({ period, onPeriod }: PeriodChooserProps) {
  const { t } = useTranslation();
  const id = useId();
  const { kind } = period;
  return (
    <div className={css.period}>
      <Segmented<PeriodKind>
        label={t("statistics.period.label")}
        value={kind}
        options={PERIOD_KINDS.map((value) => ({
          value,
          label: t(`statistics.period.kind.${value}`),
        }))}
        // From a year's choice the month of today is meant, if it is in it; else its first.
        onChange={(next) => {
          const today = todayHere();
          const isIn = period.from <= today && today <= period.to;
          onPeriod(periodOf(next, isIn ? today : period.from, period));
        }}
      />
      {kind === "custom" ? (
        (["from", "to"] as const).map((end) => (
          <div key={end} className={css.dayField}>
            <label htmlFor={`${id}-${end}`}>{t(`statistics.period.${end}`)}</label>
            <DayBox
              id={`${id}-${end}`}
              value={period[end]}
              onDay={(day) => day !== "" && onPeriod({ ...period, [end]: day })}
              testId={`statistics-${end}`}
            />
          </div>
        ))
      ) : (
        <div className={css.steps}>
          <IconButton
            icon="chevronLeft"
            label={t("statistics.period.before")}
            onClick={() => onPeriod(moved(period, -1))}
            data-testid="statistics-before"
          />
          <span className={css.periodName} role="status" data-testid="statistics-period">
            {t(`statistics.period.name.${kind}`, partsOf(period))}
          </span>
          <IconButton
            icon="chevronRight"
            label={t("statistics.period.after")}
            onClick={() => onPeriod(moved(period, 1))}
            data-testid="statistics-after"
          />
        </div>
      )}
    </div>
  );
}
