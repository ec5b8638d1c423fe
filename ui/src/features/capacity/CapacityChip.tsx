import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { CapacityDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import css from "./Capacity.module.css";
import { limits } from "./limits";

/** As what this person acts now; `without` where there is nothing to choose. */
export function CapacityChip({ without }: { without: ReactNode }) {
  const { t } = useTranslation();
  const { data } = useRead("session", "capacity_list", {});
  if (data === undefined) return without;
  const { options, chosen, ended } = data;
  if (ended) {
    return (
      <span className={cx(css.chip, css.ended)} data-testid="capacity-chip">
        <Icon name="warning" />
        <span className={css.chipText}>{t("capacity.ended")}</span>
      </span>
    );
  }
  if (options.length === 0) return without;
  const now = options.find((option) => option.key === chosen);
  const words = now === undefined ? t("capacity.all") : inWords(now, t);
  return (
    <span className={css.chip} title={words} data-testid="capacity-chip">
      <span className={css.chipText}>{words}</span>
    </span>
  );
}

/** What limits it comes before the unit, which may be cut off where there is little room. */
function inWords(now: CapacityDto, t: TFunction): string {
  const { title, unit } = now;
  const limited = limits(now, t);
  if (limited.length === 0) return t("capacity.now", { title, unit });
  return [t("capacity.nowAs", { title }), ...limited, unit].join(" · ");
}
