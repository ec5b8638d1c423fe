import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { CalendarDayDto, CalendarDayKind } from "../../generated/types";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { Segmented } from "../../shared/Segmented";
import { TextField } from "../../shared/TextField";
import page from "../../views/Page.module.css";
import { parseDue, weekday } from "../handling/days";
import { showDay, todayHere } from "../intake/days";
import css from "./Calendar.module.css";

const KINDS: readonly CalendarDayKind[] = ["holiday", "make_up"];

/** Lịch làm việc: the agency's holidays and make-up days; who manages the agency changes them. */
export function CalendarPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error } = useRead("documents", "calendar_get", {});
  const [chosen, setChosen] = useState<number | null>(null);
  const kept = () => client.invalidateQueries({ queryKey: ["documents"] });
  const clear = useMutation({
    mutationFn: (day: string) => host().call("calendar_clear", { day }),
    onSuccess: kept,
  });
  if (data === undefined) return error === null ? null : <ErrorMessage error={error} />;
  const thisYear = Number(todayHere().slice(0, 4));
  const known = data.days.map(({ day }) => Number(day.slice(0, 4)));
  const years = [...new Set([thisYear, ...known])].sort();
  const year = chosen ?? thisYear;
  const days = data.days.filter(({ day }) => day.startsWith(`${year}-`));
  return (
    <section className={page.group} data-testid="calendar">
      <p className={page.quiet}>{t(data.may_keep ? "calendar.keep" : "calendar.read")}</p>
      <div className={css.years}>
        <Segmented
          label={t("calendar.year")}
          value={String(year)}
          options={years.map((one) => ({ value: String(one), label: String(one) }))}
          onChange={(one) => setChosen(Number(one))}
        />
      </div>
      {data.may_keep && (
        <DayForm
          onKept={(day) => {
            setChosen(Number(day.slice(0, 4)));
            void kept();
          }}
        />
      )}
      {clear.error !== null && <ErrorMessage error={clear.error} />}
      {days.length === 0 ? (
        <p className={page.quiet}>{t("calendar.none", { year })}</p>
      ) : (
        <ul className={css.days} aria-label={t("calendar.daysOf", { year })}>
          {days.map((one) => (
            <Day
              key={one.day}
              day={one}
              busy={clear.isPending}
              onClear={data.may_keep ? () => clear.mutate(one.day) : undefined}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface DayProps {
  day: CalendarDayDto;
  busy: boolean;
  onClear: (() => void) | undefined;
}

function Day({ day, busy, onClear }: DayProps) {
  const { t } = useTranslation();
  return (
    <li className={css.day} data-testid="calendar-day" data-day={day.day} data-kind={day.kind}>
      <span className={css.when}>
        {t(`weekday.${weekday(day.day)}`)}, {showDay(day.day)}
      </span>
      <span className={css.name}>{day.name}</span>
      <Badge tone={day.kind === "holiday" ? "neutral" : "accent"}>
        {t(`calendar.kind.${day.kind}`)}
      </Badge>
      {onClear !== undefined && (
        <IconButton
          icon="close"
          label={t("calendar.clear", { day: showDay(day.day) })}
          disabled={busy}
          onClick={onClear}
          data-testid="calendar-clear"
        />
      )}
    </li>
  );
}

/** Names a day, or names it anew. */
function DayForm({ onKept }: { onKept: (day: string) => void }) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<CalendarDayKind>("holiday");
  const [wrong, setWrong] = useState<"day" | "name" | "kind" | null>(null);
  const set = useMutation({
    mutationFn: (day: CalendarDayDto) => host().call("calendar_set", day),
    onSuccess: (_, { day }) => {
      form.current?.reset();
      form.current?.querySelector("input")?.focus();
      onKept(day);
    },
  });
  const submit = () => {
    if (form.current === null || set.isPending) return;
    const data = new FormData(form.current);
    const day = parseDue(String(data.get("day") ?? ""), todayHere()) || null;
    const name = String(data.get("name") ?? "").trim();
    const isWeekend = day !== null && ["sat", "sun"].includes(weekday(day));
    const fault =
      day === null
        ? "day"
        : name === ""
          ? "name"
          : kind === "make_up" && !isWeekend
            ? "kind"
            : null;
    setWrong(fault);
    if (day !== null && fault === null) set.mutate({ day, kind, name });
  };
  const problem = (what: "day" | "name") =>
    wrong === what || (what === "day" && wrong === "kind")
      ? t(`calendar.wrong.${wrong}`)
      : undefined;
  return (
    <form
      ref={form}
      className={css.form}
      noValidate
      onInput={() => setWrong(null)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      data-testid="calendar-form"
    >
      <TextField
        className={css.dayField}
        name="day"
        label={t("calendar.day")}
        placeholder={t("act.duePlaceholder")}
        problem={problem("day")}
        autoComplete="off"
        data-testid="calendar-day-field"
      />
      <TextField
        className={css.nameField}
        name="name"
        label={t("calendar.name")}
        problem={problem("name")}
        maxLength={100}
        autoComplete="off"
        data-testid="calendar-name"
      />
      <div className={css.choose}>
        <Segmented
          label={t("calendar.kinds")}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`calendar.kind.${value}`) }))}
          onChange={(value) => {
            setKind(value);
            setWrong(null);
          }}
        />
        <Button type="submit" tone="main" disabled={set.isPending} data-testid="calendar-set">
          {t("calendar.set")}
        </Button>
      </div>
      {set.error !== null && <ErrorMessage error={set.error} className={css.error} />}
    </form>
  );
}
