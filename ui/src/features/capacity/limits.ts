import type { TFunction } from "i18next";
import type { CapacityDto } from "../../generated/types";
import { formatDate } from "../../shared/format";
import { wordName } from "../intake/kinds";

/** What limits a capacity: the kinds that may be signed, and its days. */
export function limits({ kinds, since, until }: CapacityDto, t: TFunction): string[] {
  const said: string[] = [];
  if (kinds.length > 0) {
    said.push(t("capacity.kinds", { kinds: kinds.map(wordName).join(", ") }));
  }
  if (since !== null) said.push(t("capacity.since", { day: formatDate(since) }));
  // Its last whole day.
  if (until !== null) said.push(t("capacity.until", { day: formatDate(until - 1) }));
  return said;
}
