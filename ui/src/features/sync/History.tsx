import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { formatDateTime, formatShort } from "../../shared/format";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";
import box from "./Outbox.module.css";

/** Lines that the core hands out at a time. */
const PAGE = 50;

const CODES = [
  "ONLINE",
  "OFFLINE",
  "RECEIVED",
  "REMOVED",
  "HELD",
  "SENT",
  "NEEDS_ATTENTION",
  "HEALED",
  "NEW_EPOCH",
  "ROLLED_BACK",
  "REBUILT",
  "BACKED_UP",
  "TASK_DUE",
  "TASK_OVERDUE",
] as const;

/** What happened between desk and server, newest first, in words. */
export function History() {
  const { t } = useTranslation();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["sync", "sync_history", "pages"],
    queryFn: ({ pageParam }) => host().call("sync_history", { before: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < PAGE ? undefined : (last.at(-1)?.seq ?? undefined)),
  });
  const lines = data?.pages.flat() ?? [];
  const now = Date.now();
  return (
    <section className={page.group} aria-label={t("sync.history.title")}>
      <h2 className={page.groupTitle}>{t("sync.history.title")}</h2>
      {lines.length === 0 ? (
        <p className={box.empty}>{t("sync.history.empty")}</p>
      ) : (
        <ul className={`${box.rows} ${css.history}`} data-testid="sync-history">
          {lines.map((line) => {
            const code = CODES.find((known) => known === line.code) ?? "OTHER";
            return (
              <li key={line.seq} data-code={line.code}>
                <span className={css.when} title={formatDateTime(line.at)}>
                  {formatShort(line.at, now)}
                </span>
                <span>
                  {t(`sync.history.code.${code}`, { number: line.count, code: line.code })}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {hasNextPage && (
        <Button
          tone="quiet"
          className={css.more}
          onClick={() => void fetchNextPage()}
          aria-busy={isFetchingNextPage}
          data-testid="history-more"
        >
          {t(isFetchingNextPage ? "sync.history.loading" : "sync.history.more")}
        </Button>
      )}
    </section>
  );
}
