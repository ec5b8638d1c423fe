import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { SyncLimits, SyncStatus } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { saveText } from "../../shared/saveText";
import { useNotice } from "../../shared/Toasts";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";

const HOUR_MS = 3_600_000;
const WORKDAYS = 0b001_1111;

/** Pause, limits and the report for whoever helps. */
export function Traffic({ sync }: { sync: SyncStatus }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const settled = { onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }) };
  const pause = useMutation({
    mutationFn: (until: number | null) => host().call("sync_pause", { until }),
    ...settled,
  });
  const resume = useMutation({ mutationFn: () => host().call("sync_resume", {}), ...settled });
  const support = useMutation({
    mutationFn: () => host().call("support_bundle", {}),
    onSuccess: ({ file_name, text }) => {
      saveText(file_name, text);
      notice(t("app.saved"), t("app.savedText", { name: file_name }));
    },
  });
  const limits = useRead("sync", "sync_limits", {});
  const error = pause.error ?? resume.error ?? support.error;
  return (
    <section className={page.group} aria-label={t("sync.traffic.title")}>
      <h2 className={page.groupTitle}>{t("sync.traffic.title")}</h2>
      <div className={css.box}>
        <div className={css.line}>
          {sync.paused ? (
            <Button icon="play" onClick={() => resume.mutate()} data-testid="sync-resume">
              {t("sync.traffic.resume")}
            </Button>
          ) : (
            <>
              <Button icon="pause" onClick={() => pause.mutate(null)} data-testid="sync-pause">
                {t("sync.traffic.pause")}
              </Button>
              <Button tone="quiet" onClick={() => pause.mutate(Date.now() + HOUR_MS)}>
                {t("sync.traffic.pauseHour")}
              </Button>
            </>
          )}
          <Button
            icon="save"
            onClick={() => support.mutate()}
            title={t("sync.traffic.supportHint")}
            data-testid="support-bundle"
          >
            {t("sync.traffic.support")}
          </Button>
        </div>
        <p className={page.quiet}>{t("sync.traffic.supportHint")}</p>
        {error !== null && <ErrorMessage error={error} />}
        {limits.data !== undefined && (
          <Limits key={JSON.stringify(limits.data)} limits={limits.data} />
        )}
      </div>
    </section>
  );
}

/** One limit for the day and one for office hours. What a person did is never held back by it. */
function Limits({ limits }: { limits: SyncLimits }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const all = useRef<HTMLInputElement>(null);
  const from = useRef<HTMLInputElement>(null);
  const to = useRef<HTMLInputElement>(null);
  const inHours = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: (next: SyncLimits) => host().call("sync_limits_set", next),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const first = limits.hours[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const from_min = minutes(from.current?.value);
    const to_min = minutes(to.current?.value);
    const rest = limits.hours.slice(1);
    const hours =
      from_min === null || to_min === null
        ? rest
        : [
            {
              days: first?.days ?? WORKDAYS,
              from_min,
              to_min,
              limit_kbps: kbps(inHours.current?.value),
            },
            ...rest,
          ];
    save.mutate({ limit_kbps: kbps(all.current?.value), hours });
  };
  const number = (value: number | null | undefined) => (value == null ? "" : String(value));
  return (
    <form className={css.line} onSubmit={submit} data-testid="sync-limits">
      <label>
        {t("sync.traffic.limit")}
        <input
          ref={all}
          className={`${css.input} ${css.short}`}
          inputMode="numeric"
          defaultValue={number(limits.limit_kbps)}
          data-testid="limit-all"
        />
      </label>
      <label>
        {t("sync.traffic.from")}
        <input ref={from} className={css.input} type="time" defaultValue={clock(first?.from_min)} />
      </label>
      <label>
        {t("sync.traffic.to")}
        <input ref={to} className={css.input} type="time" defaultValue={clock(first?.to_min)} />
      </label>
      <label>
        {t("sync.traffic.hoursLimit")}
        <input
          ref={inHours}
          className={`${css.input} ${css.short}`}
          inputMode="numeric"
          defaultValue={number(first?.limit_kbps)}
        />
      </label>
      <Button type="submit" data-testid="limit-save">
        {t("sync.traffic.save")}
      </Button>
      <p className={page.quiet}>{t("sync.traffic.limitHint")}</p>
      {save.error !== null && <ErrorMessage error={save.error} />}
    </form>
  );
}

/** Empty is no limit, 0 is no files. */
function kbps(text: string | undefined): number | null {
  const digits = (text ?? "").replace(/\D/g, "");
  return digits === "" ? null : Math.min(Number(digits), 10_000_000);
}

function minutes(text: string | undefined): number | null {
  const [hour, minute] = (text ?? "").split(":");
  return hour === undefined || minute === undefined || hour === ""
    ? null
    : Number(hour) * 60 + Number(minute);
}

function clock(minute: number | undefined): string {
  if (minute === undefined) return "";
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
