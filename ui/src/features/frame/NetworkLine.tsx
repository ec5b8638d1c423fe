import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { SyncStatus } from "../../generated/types";
import { cx } from "../../shared/cx";
import { formatShort } from "../../shared/format";
import css from "./NetworkLine.module.css";

/** What the state of the line means for the person: their own pause first. */
export function explanation(sync: SyncStatus, t: TFunction): string {
  if (sync.paused) return t("network.explain.paused");
  if (sync.network === "busy" && sync.load !== "calm") return t(`sync.notice.load.${sync.load}`);
  return t(`network.explain.${sync.network}`);
}

interface NetworkLineProps {
  sync: SyncStatus;
  onOpen: () => void;
}

/** The promise in words: whether the server answers and what it has not received yet. */
export function NetworkLine({ sync, onOpen }: NetworkLineProps) {
  const { t } = useTranslation();
  const since = formatShort(sync.since, Date.now());
  const last =
    sync.last_sync === null
      ? t("network.neverSynced")
      : t("network.lastSync", { when: formatShort(sync.last_sync, Date.now()) });
  return (
    <button
      type="button"
      className={css.line}
      onClick={onOpen}
      data-testid="network-line"
      data-network={sync.network}
      data-unsent={sync.unsent}
      data-paused={sync.paused}
      title={`${explanation(sync, t)}\n${last}`}
    >
      <span
        className={cx(css.mark, css[sync.network], sync.paused && css.paused)}
        aria-hidden="true"
      />
      <span role="status" className={css.words}>
        <span>
          {sync.network === "busy" && sync.load === "critical"
            ? t("network.critical")
            : t(`network.${sync.network}`, { since })}
        </span>
        {sync.paused && <span className={cx(css.part, css.attention)}>{t("network.paused")}</span>}
        <span className={cx(css.part, sync.unsent > 0 && css.strong)}>
          {t("network.unsent", { count: sync.unsent })}
        </span>
        {sync.needs_attention > 0 && (
          <span className={cx(css.part, css.attention)}>
            {t("network.attention", { count: sync.needs_attention })}
          </span>
        )}
      </span>
    </button>
  );
}
