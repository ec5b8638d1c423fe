import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { CompletionEntry, CompletionState } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime, formatShort } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import page from "../../views/Page.module.css";
import { levelKey } from "../batch/BatchItems";
import css from "./Completion.module.css";

const ICONS: Record<CompletionState, IconName> = {
  working: "sync",
  waiting: "clock",
  resting: "clock",
  closed: "warning",
  blocked: "error",
};

interface CompletionProps {
  onOpen: (document: string) => void;
}

/** Signed documents that still want a time stamp or evidence: target and reached level, why each
 * waits, when it is tried next. A revoked one stands first, in red. */
export function Completion({ onOpen }: CompletionProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data, error } = useRead("completion", "completion_list", {});
  const retry = useMutation({
    mutationFn: (file: string | null) => host().call("completion_retry", { file }),
    onSettled: () => client.invalidateQueries({ queryKey: ["completion"] }),
  });
  if (error !== null) return <ErrorMessage error={error} />;
  if (data === undefined) return null;
  const wanted = t(`level.long.${levelKey(data.wanted)}`);
  // What is blocked waits for nothing and is not good for work.
  const waiting = data.entries.filter((entry) => entry.state !== "blocked").length;
  return (
    <section className={page.group} data-testid="completion" aria-label={t("completion.title")}>
      <div className={css.head}>
        <h2 className={page.groupTitle}>
          {t("completion.title")} <span className={page.count}>{data.entries.length}</span>
        </h2>
        {waiting > 0 && (
          <Button icon="sync" onClick={() => retry.mutate(null)} data-testid="completion-retry-all">
            {t("completion.retryAll")}
          </Button>
        )}
      </div>
      {(waiting > 0 || data.entries.length === 0) && (
        <p className={page.quiet}>
          {t(waiting > 0 ? "completion.lead" : "completion.none", { wanted })}
        </p>
      )}
      {!data.has_authority && <p className={css.warn}>{t("completion.noAuthority")}</p>}
      {retry.error !== null && <ErrorMessage error={retry.error} />}
      {data.entries.length > 0 && (
        <ul className={css.entries}>
          {data.entries.map((entry) => (
            <Entry
              key={entry.file}
              entry={entry}
              wanted={data.wanted}
              onOpen={() => onOpen(entry.document)}
              onRetry={() => retry.mutate(entry.file)}
            />
          ))}
        </ul>
      )}
      {data.endpoints.length > 0 && (
        <details className={css.endpoints}>
          <summary>{t("completion.endpoints", { count: data.endpoints.length })}</summary>
          <ul>
            {data.endpoints.map((endpoint) => (
              <li key={endpoint.url}>
                <code>{endpoint.url}</code>
                <span>
                  {[
                    endpoint.resting_until === null
                      ? null
                      : t("completion.restsUntil", {
                          when: formatDateTime(endpoint.resting_until),
                        }),
                    endpoint.last_answer_ms === null
                      ? null
                      : t("completion.answered", { ms: endpoint.last_answer_ms }),
                    endpoint.daily_quota === null
                      ? null
                      : t("completion.quota", {
                          used: endpoint.used_today ?? 0,
                          quota: endpoint.daily_quota,
                        }),
                  ]
                    .filter((fact) => fact !== null)
                    .join(" · ")}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface EntryProps {
  entry: CompletionEntry;
  wanted: string;
  onOpen: () => void;
  onRetry: () => void;
}

function Entry({ entry, wanted, onOpen, onRetry }: EntryProps) {
  const { t, i18n } = useTranslation();
  const known = entry.code !== null && i18n.exists(`completionReason.${entry.code}`);
  const why =
    entry.code === null
      ? null
      : t(
          known
            ? (`completionReason.${entry.code}` as "completionReason.OTHER")
            : "completionReason.OTHER",
        );
  const blocked = entry.state === "blocked";
  return (
    <li
      className={cx(css.entry, blocked && css.blocked)}
      data-testid="completion-entry"
      data-state={entry.state}
      data-level={entry.level}
      data-code={entry.code ?? undefined}
    >
      <Icon name={ICONS[entry.state]} size={20} className={css.icon} />
      <div className={css.what}>
        <button type="button" className={css.title} onClick={onOpen}>
          {entry.document_title}
        </button>
        <p className={css.state}>
          {t(`completion.state.${entry.state}`)}
          {entry.next_try !== null &&
            entry.state === "resting" &&
            ` · ${t("completion.nextTry", { when: formatShort(entry.next_try, Date.now()) })}`}
        </p>
        {blocked ? (
          <p className={css.why}>
            {t("completion.blockedWhy", {
              when: entry.revoked_at === null ? "" : formatDateTime(entry.revoked_at),
            })}
          </p>
        ) : (
          why !== null && (
            <p className={css.why}>
              {why} <span className={css.code}>({entry.code})</span>
            </p>
          )
        )}
      </div>
      <p className={css.levels}>
        <span>{t(`level.short.${levelKey(entry.level)}`)}</span>
        {!blocked && (
          <>
            <Icon name="chevronRight" />
            <span className={css.target}>{t(`level.short.${levelKey(wanted)}`)}</span>
          </>
        )}
      </p>
      {!blocked && (
        <Button
          onClick={onRetry}
          disabled={entry.state === "working"}
          data-testid="completion-retry"
        >
          {t("completion.retry")}
        </Button>
      )}
    </li>
  );
}
