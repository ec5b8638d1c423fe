import { useMemo } from "react";
import { useRead } from "../../api/query";
import type { CalendarDayDto } from "../../generated/types";
import type { NamedDays } from "../handling/days";

const NONE: readonly CalendarDayDto[] = [];

/** The named days of the agency's calendar, by day; none until they are read. */
export function useNamedDays(): NamedDays {
  const days = useRead("documents", "calendar_get", {}).data?.days ?? NONE;
  return useMemo(() => new Map(days.map((one) => [one.day, one])), [days]);
}
