import type { TFunction } from "i18next";
import type { AgencyDto } from "../../generated/types";
import { host } from "../../platform";
import type { Option } from "../../shared/SuggestField";
import { showDay } from "./days";

/** Agencies offered at once. */
const MOST = 8;
/** Successors that are named; a district became up to twenty communes. */
const NAMED = 2;

/** Agencies for what was typed, those that existed on the day of the letter first. */
export async function offered(text: string, on: string | null, t: TFunction): Promise<Option[]> {
  const found = await host().call("agencies_find", { text, on, limit: MOST });
  return found.map((agency) => {
    const remark = remarkOf(agency, t);
    const note = [agency.parent, agency.code ?? agency.symbol].filter(Boolean).join(" · ");
    const option = { id: agency.code ?? "", text: agency.name, note };
    return remark === undefined ? option : { ...option, remark };
  });
}

/** What became of an agency that ended, or since when there is one that was not there yet. */
function remarkOf(agency: AgencyDto, t: TFunction): string | undefined {
  const { valid_from: from, valid_to: to, successors } = agency;
  if (to !== null) {
    const [only] = successors;
    if (only === undefined) return t("intake.agency.ended", { day: showDay(to) });
    if (successors.length === 1) {
      return t("intake.agency.merged", { names: only, day: showDay(dayAfter(to)) });
    }
    const names = successors.slice(0, NAMED).join(", ");
    const more = successors.length - NAMED;
    return t("intake.agency.divided", {
      day: showDay(to),
      names: more > 0 ? t("intake.agency.andMore", { names, count: more }) : names,
    });
  }
  return agency.is_valid || from === null
    ? undefined
    : t("intake.agency.begins", { day: showDay(from) });
}

function dayAfter(iso: string): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
