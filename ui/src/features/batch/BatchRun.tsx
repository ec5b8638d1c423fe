import { useTranslation } from "react-i18next";
import type { BatchView } from "../../generated/types";
import { Button } from "../../shared/Button";
import panel from "../signing/SignPanel.module.css";
import css from "./Batch.module.css";
import { BatchItems } from "./BatchItems";

interface BatchRunProps {
  batch: BatchView;
  onCancel: () => void;
}

/** The work: how far it is, one line per document, and the way to stop. */
export function BatchRun({ batch, onCancel }: BatchRunProps) {
  const { t } = useTranslation();
  const stage =
    batch.stage === "STOPPED" || batch.stage === "INTERRUPTED" ? "FINISHED" : batch.stage;
  return (
    <>
      <div className={css.run} data-testid="batch-run" data-stage={batch.stage}>
        <p className={css.big} role="status">
          {t(`batch.stage.${stage}`, { done: batch.done, total: batch.total })}
        </p>
        <div
          className={css.bar}
          role="progressbar"
          aria-label={t("batch.title")}
          aria-valuemin={0}
          aria-valuemax={batch.total}
          aria-valuenow={batch.done}
        >
          <span style={{ width: `${(batch.done / Math.max(1, batch.total)) * 100}%` }} />
        </div>
        {batch.stage === "WAITING_FOR_PIN" && (
          <p className={css.note}>
            {t("sign.pinElsewhere")} {t("sign.noRetry")}
          </p>
        )}
      </div>
      <BatchItems items={batch.items} follow />
      <div className={panel.foot}>
        <p className={panel.small}>{t("batch.cancelNote")}</p>
        <Button
          icon="stop"
          onClick={onCancel}
          disabled={batch.stage === "STOPPING"}
          data-testid="batch-cancel"
        >
          {t("batch.cancel")}
        </Button>
      </div>
    </>
  );
}
