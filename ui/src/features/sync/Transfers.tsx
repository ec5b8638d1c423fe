import { Progress } from "@base-ui/react/progress";
import { useTranslation } from "react-i18next";
import type { SyncStatus } from "../../generated/types";
import { formatSize } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import page from "../../views/Page.module.css";
import css from "./Outbox.module.css";
import { RestButton } from "./Resting";

/** Files on the move; nothing where none is. */
export function Transfers({ sync }: { sync: SyncStatus }) {
  const { t, i18n } = useTranslation();
  const { transfers, troubles, remaining_s } = sync;
  if (transfers.length + troubles.length === 0) return null;
  const minutes = (seconds: number) => Math.max(1, Math.round(seconds / 60));
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  return (
    <section className={page.group} aria-label={t("sync.transfers")}>
      <h2 className={page.groupTitle}>
        {t("sync.transfers")}
        <span className={page.count}>{transfers.length}</span>
      </h2>
      {remaining_s !== null && (
        <p className={page.quiet}>{t("sync.remaining", { minutes: minutes(remaining_s) })}</p>
      )}
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
            <span className={css.name}>
              {t(transfer.upload ? "sync.upload" : "sync.download")}
              {transfer.document_title !== null && ` · ${transfer.document_title}`}
            </span>
            <span className={css.bytes}>
              {t("sync.progress", { done: size(transfer.done), total: size(transfer.total) })}
              {transfer.rate !== null && ` · ${size(transfer.rate)}/s`}
              {transfer.remaining_s !== null &&
                ` · ${t("sync.remaining", { minutes: minutes(transfer.remaining_s) })}`}
            </span>
            {transfer.document !== null && (
              <RestButton document={transfer.document} title={transfer.document_title ?? ""} />
            )}
            <Progress.Track className={css.track}>
              <Progress.Indicator className={css.bar} />
            </Progress.Track>
          </Progress.Root>
        ))}
        {troubles.map((trouble) => (
          <div
            key={`${trouble.sha256} ${trouble.upload}`}
            className={css.transfer}
            data-testid="transfer-trouble"
          >
            <Icon name="warning" />
            <span>
              {trouble.document_title !== null && `${trouble.document_title}: `}
              {t(`sync.trouble.${trouble.kind}`)}{" "}
              {t(trouble.given_up ? "sync.trouble.stopped" : "sync.trouble.goesOn")}
              <span className={css.code}> (TRANSFER_{trouble.kind.toUpperCase()})</span>
            </span>
            <span className={css.bytes}>
              {t("sync.trouble.times", { times: trouble.failures })}
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}
