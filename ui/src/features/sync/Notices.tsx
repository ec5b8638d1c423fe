import { useTranslation } from "react-i18next";
import type { SyncStatus } from "../../generated/types";
import { formatShort } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import css from "./Centre.module.css";

/** What holds the exchange back, in calm lines; nothing where nothing does. */
export function Notices({ sync }: { sync: SyncStatus }) {
  const { t } = useTranslation();
  const lines: Array<{ id: string; icon: IconName; text: string }> = [];
  if (sync.paused) {
    lines.push({
      id: "paused",
      icon: "pause",
      text:
        sync.paused_until === null
          ? t("sync.notice.paused")
          : t("sync.notice.pausedUntil", { when: formatShort(sync.paused_until, Date.now()) }),
    });
  }
  if (sync.load !== "calm") {
    lines.push({ id: "load", icon: "clock", text: t(`sync.notice.load.${sync.load}`) });
  }
  if (sync.clock_wrong_by_ms !== null) {
    const minutes = Math.round(Math.abs(sync.clock_wrong_by_ms) / 60_000);
    const slow = sync.clock_wrong_by_ms > 0;
    lines.push({
      id: "clock",
      icon: "warning",
      text: t(slow ? "sync.notice.clockSlow" : "sync.notice.clockFast", { minutes }),
    });
  }
  if (sync.comparing) {
    lines.push({ id: "comparing", icon: "sync", text: t("sync.notice.comparing") });
  }
  if (lines.length === 0) return null;
  return (
    <ul className={css.notices} aria-label={t("sync.notice.title")}>
      {lines.map((line) => (
        <li key={line.id} data-testid={`sync-notice-${line.id}`}>
          <Icon name={line.icon} />
          <span>{line.text}</span>
        </li>
      ))}
    </ul>
  );
}
