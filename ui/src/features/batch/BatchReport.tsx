import { useTranslation } from "react-i18next";
import type { BatchView } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { CommandError } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatTime } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { copyText, saveText } from "../../shared/saveText";
import { useNotice } from "../../shared/Toasts";
import { useShortcut } from "../../shared/useShortcut";
import { useFirst } from "../onboarding/useGuide";
import panel from "../signing/SignPanel.module.css";
import css from "./Batch.module.css";
import { BatchItems } from "./BatchItems";
import { reportText, tally } from "./report";
import type { BatchControl } from "./useBatch";

interface BatchReportProps {
  batch: BatchView;
  control: BatchControl;
  onClose: () => void;
}

/** What it came to, honestly: signed, not signed with the reason of each, untouched. */
export function BatchReport({ batch, control, onClose }: BatchReportProps) {
  const { t, i18n } = useTranslation();
  const notice = useNotice();
  const { signed, notSigned, untouched } = tally(batch);
  useFirst("sign", signed > 0);
  const whole = signed === batch.items.length;
  const resume = () => control.resume.mutate(batch.id);
  const close = () => control.dismiss.mutate(batch.id, { onSuccess: onClose });
  useShortcut("main", resume, batch.can_resume && !control.resume.isPending);
  useShortcut("back", close);
  const stopped = batch.stopped_by;
  const own = stopped !== null && i18n.exists(`batch.rec.${stopped}`);
  const copy = async () => {
    if (await copyText(reportText(batch, t))) notice(t("batch.copied"));
  };
  const save = () => {
    const name = t("batch.fileName");
    saveText(name, reportText(batch, t));
    notice(t("app.saved"), t("app.savedText", { name }));
  };
  return (
    <>
      <div
        className={css.report}
        data-testid="batch-report"
        data-stage={batch.stage}
        data-signed={signed}
        data-not-signed={notSigned}
        data-untouched={untouched}
      >
        <p className={cx(css.big, whole ? css.good : css.partly)} role="status">
          <Icon name={whole ? "seal" : "warning"} size={20} />
          {whole
            ? t("batch.allSigned", { count: signed })
            : t("batch.partly", { signed, total: batch.items.length })}
        </p>
        {batch.stage === "INTERRUPTED" && (
          <p className={css.note}>{t("batch.interrupted", { time: formatTime(batch.started) })}</p>
        )}
        <dl className={css.counts}>
          {(
            [
              ["signed", signed],
              ["notSigned", notSigned],
              ["untouched", untouched],
            ] as const
          ).map(([name, count]) => (
            <div key={name}>
              <dt>{t(`batch.count.${name}`)}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
        {stopped !== null && (
          <ErrorMessage
            error={new CommandError(stopped)}
            facts={{ token: batch.token }}
            safe={signed === 0 ? t("batch.safeNone") : t("batch.safe", { count: signed })}
            rec={own ? t(`batch.rec.${stopped}` as "batch.rec.PIN_INCORRECT") : undefined}
          />
        )}
        {control.resume.error !== null && <ErrorMessage error={control.resume.error} />}
        {stopped === null && signed > 0 && <p className={css.note}>{t("batch.saved")}</p>}
      </div>
      <BatchItems items={batch.items} follow={false} />
      <div className={cx(panel.foot, css.acts)}>
        {batch.can_resume && (
          <Button
            tone="main"
            icon="sign"
            shortcut={keyLabel("main")}
            className={panel.submit}
            disabled={control.resume.isPending}
            onClick={resume}
            data-testid="batch-resume"
          >
            {t("batch.resume", { count: untouched })}
          </Button>
        )}
        <div className={css.small}>
          <Button icon="copy" onClick={() => void copy()} data-testid="batch-copy">
            {t("batch.copy")}
          </Button>
          <Button icon="download" onClick={save} data-testid="batch-save">
            {t("batch.save")}
          </Button>
          <Button
            tone={batch.can_resume ? "plain" : "main"}
            onClick={close}
            data-testid="batch-dismiss"
          >
            {t("app.close")}
          </Button>
        </div>
      </div>
    </>
  );
}
