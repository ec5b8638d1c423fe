import { Progress } from "@base-ui/react/progress";
import { useTranslation } from "react-i18next";
import type { Transfer } from "../../generated/types";
import { formatSize } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import page from "../../views/Page.module.css";
import css from "./Outbox.module.css";

/** Files on the move; nothing where none is. */
export function Transfers({ transfers }: { transfers: readonly Transfer[] }) {
  const { t, i18n } = useTranslation();
  if (transfers.length === 0) return null;
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  return (
    <section className={page.group} aria-label={t("sync.transfers")}>
      <h2 className={page.groupTitle}>
        {t("sync.transfers")}
        <span className={page.count}>{transfers.length}</span>
      </h2>
      <div className={css.rows}>
        {transfers.map((transfer) => (
          <Progress.Root
            key={`${transfer.sha256} ${transfer.upload}`}
            className={css.transfer}
            value={transfer.done}
            max={Math.max(1, transfer.total)}
            aria-label={t(transfer.upload ? "sync.upload" : "sync.download")}
          >
            <Icon name={transfer.upload ? "upload" : "download"} />
            <span className={css.name}>{t(transfer.upload ? "sync.upload" : "sync.download")}</span>
            <span className={css.bytes}>
              {t("sync.progress", { done: size(transfer.done), total: size(transfer.total) })}
            </span>
            <Progress.Track className={css.track}>
              <Progress.Indicator className={css.bar} />
            </Progress.Track>
          </Progress.Root>
        ))}
      </div>
    </section>
  );
}
