import type { StatisticsBy } from "../../generated/types";
import { todayHere } from "../intake/days";
import { type Period, periodOf } from "./period";

/** Where a person is in statistics; kept while another section is open. */
export interface StatisticsPlace {
  period: Period;
  by: StatisticsBy;
}

/** The year of today, by units. */
export function statisticsAtStart(): StatisticsPlace {
  return { period: periodOf("year", todayHere()), by: "unit" };
}
