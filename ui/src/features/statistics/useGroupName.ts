import { useTranslation } from "react-i18next";
import type { StatisticsBy, StatisticsGroup } from "../../generated/types";
import { wordName } from "../intake/kinds";

const LEVELS = ["central", "province", "district", "commune"] as const;

/** What people call a group. */
export function useGroupName(by: StatisticsBy): (group: StatisticsGroup) => string {
  const { t } = useTranslation();
  return ({ key, name }) => {
    switch (by) {
      case "month": {
        const [year, month] = key.split("-");
        return t("statistics.period.name.month", { year, number: Number(month) });
      }
      case "kind":
        return wordName(key);
      case "level": {
        const level = LEVELS.find((known) => known === key);
        return level === undefined ? t("statistics.none.level") : t(`statistics.level.${level}`);
      }
      case "unit":
      case "person":
      case "activity":
      case "sender":
        return name === "" ? t(`statistics.none.${by}`) : name;
    }
  };
}
