import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import { IconButton } from "../../shared/IconButton";
import { Icon } from "../../shared/icons/Icon";
import panel from "../signing/SignPanel.module.css";
import { BatchReport } from "./BatchReport";
import { BatchRun } from "./BatchRun";
import { BatchSetup } from "./BatchSetup";
import type { BatchControl } from "./useBatch";

interface BatchPanelProps {
  control: BatchControl;
  onClose: () => void;
}

/** Signing everything that is marked: what would happen, the work, the report. A panel beside the
 * page, never a window over it. */
export function BatchPanel({ control, onClose }: BatchPanelProps) {
  const { t } = useTranslation();
  const { batch, running } = control;
  return (
    <section className={panel.panel} aria-label={t("batch.title")} data-testid="batch-panel">
      <div className={panel.head}>
        <Icon name="sign" size={20} />
        <h2 className={panel.title}>{t("batch.title")}</h2>
        {!running && batch === null && (
          <IconButton
            icon="close"
            label={t("app.close")}
            shortcut={keyLabel("back")}
            onClick={onClose}
          />
        )}
      </div>
      {batch === null ? (
        <BatchSetup control={control} />
      ) : running ? (
        <BatchRun batch={batch} onCancel={() => control.cancel.mutate()} />
      ) : (
        <BatchReport batch={batch} control={control} onClose={onClose} />
      )}
    </section>
  );
}
