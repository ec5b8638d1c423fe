import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf, useRead } from "../../api/query";
import type { LetterDetail, RegisteredLetter, RegisterReport } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { Icon } from "../../shared/icons/Icon";
import css from "./RegisterDialog.module.css";

interface RegisterReportViewProps {
  report: RegisterReport;
  onClose: () => void;
  onSeal: () => void;
}

/** What became of each letter: its number, what stands for it until the server answers, or why not. */
export function RegisterReportView({ report, onClose, onSeal }: RegisterReportViewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queue = useRead("intake", "seal_queue", {});
  const ready = queue.data?.ready ?? 0;
  const title = (letter: string) => {
    const known = client.getQueryData<LetterDetail>(keyOf("intake", "intake_letter", { letter }));
    return known === undefined ? "" : `${known.fields.notation} ${known.fields.subject}`.trim();
  };
  return (
    <div
      className={css.report}
      data-testid="register-report"
      data-numbered={report.numbered}
      data-provisional={report.provisional}
      data-failed={report.failed}
    >
      <p className={cx(css.big, report.failed === 0 ? css.good : css.partly)} role="status">
        <Icon name={report.failed === 0 ? "check" : "warning"} size={20} />
        {[
          report.numbered > 0 && t("register.numbered", { count: report.numbered }),
          report.provisional > 0 && t("register.provisional", { count: report.provisional }),
          report.failed > 0 && t("register.failed", { count: report.failed }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <p className={css.quiet}>
        {t("register.safe")} {report.provisional > 0 && t("register.provisionalText")}
      </p>
      <section
        className={css.lines}
        aria-label={t("register.done")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
        tabIndex={0}
      >
        <ol>
          {report.letters.map((line, i) => (
            <li key={line.letter} className={css.line} data-testid="register-line">
              <span className={css.lineWhat}>
                {title(line.letter) || t("register.nth", { number: i + 1 })}
              </span>
              <Outcome line={line} />
            </li>
          ))}
        </ol>
      </section>
      <div className={dialog.acts}>
        {ready > 0 && (
          <Button icon="seal" onClick={onSeal} data-testid="register-seal">
            {t("seal.sign", { count: ready })}
          </Button>
        )}
        <Button tone="main" onClick={onClose} data-testid="register-close">
          {t("app.close")}
        </Button>
      </div>
    </div>
  );
}

function Outcome({ line }: { line: RegisteredLetter }) {
  const { t } = useTranslation();
  if (line.code !== null) {
    return (
      <span className={cx(css.lineNumber, css.failed)}>
        {t(`err.${line.code}` as "err.INTERNAL")}
      </span>
    );
  }
  if (line.number !== null) {
    return <span className={css.lineNumber}>{t("document.arrival", { number: line.number })}</span>;
  }
  return (
    <span className={cx(css.lineNumber, css.waits)}>
      {t("intake.waitsForNumber")} · {line.provisional}
    </span>
  );
}
