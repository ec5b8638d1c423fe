import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { formatDateTime, formatShort } from "../../shared/format";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";
import box from "./Outbox.module.css";

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
] as const;

/** What happened between desk and server, newest first, in words. */
export function History() {
  const { t } = useTranslation();
  const { data = [] } = useRead("sync", "sync_history", { before: null });
  const now = Date.now();
  return (
    <section className={page.group} aria-label={t("sync.history.title")}>
      <h2 className={page.groupTitle}>{t("sync.history.title")}</h2>
      {data.length === 0 ? (
        <p className={box.empty}>{t("sync.history.empty")}</p>
      ) : (
        <ul className={`${box.rows} ${css.history}`} data-testid="sync-history">
          {data.map((line) => {
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
    </section>
  );
}
