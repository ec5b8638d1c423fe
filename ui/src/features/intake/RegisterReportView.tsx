import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { LetterState, RegisteredLetter, RegisterReport } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { Icon } from "../../shared/icons/Icon";
import css from "./RegisterDialog.module.css";

/** Lines that a report can follow. */
const MOST = 500;

/** What is known of a line now. */
export interface KnownLine {
  title: string;
  number: number | null;
}

interface RegisterReportViewProps {
  report: RegisterReport;
  /** What came over the axis, by document; without it the lines are letters. */
  known?: ReadonlyMap<string, KnownLine> | undefined;
  onClose: () => void;
  onSeal: () => void;
}

/** What became of each letter: its number, what stands for it until the server answers, or why not. */
export function RegisterReportView(props: RegisterReportViewProps) {
  const { report, known, onClose, onSeal } = props;
  const { t } = useTranslation();
  const ofLetters = { enabled: known === undefined };
  const queue = useRead("intake", "seal_queue", {}, ofLetters);
  const ready = known === undefined ? (queue.data?.ready ?? 0) : 0;
  // The numbers come while the report is read: each line is as it stands now.
  const asked = { states: ["REGISTERED", "CONFIRMED"] as LetterState[], offset: 0, limit: MOST };
  const now = useRead("intake", "intake_list", asked, ofLetters);
  const letters = now.data?.letters.map((card): [string, KnownLine] => [
    card.id,
    { title: `${card.notation} ${card.subject}`.trim(), number: card.number },
  ]);
  const cards = known ?? new Map(letters);
  const lines = report.letters.map((line) => ({
    ...line,
    number: line.number ?? cards.get(line.letter)?.number ?? null,
  }));
  const numbered = lines.filter((line) => line.code === null && line.number !== null).length;
  const provisional = lines.filter((line) => line.code === null && line.number === null).length;
  return (
    <div
      className={css.report}
      data-testid="register-report"
      data-numbered={numbered}
      data-provisional={provisional}
      data-failed={report.failed}
    >
      <p className={cx(css.big, report.failed === 0 ? css.good : css.partly)} role="status">
        <Icon name={report.failed === 0 ? "check" : "warning"} size={20} />
        {[
          numbered > 0 && t("register.numbered", { count: numbered }),
          provisional > 0 && t("register.provisional", { count: provisional }),
          report.failed > 0 && t("register.failed", { count: report.failed }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <p className={css.quiet}>
        {t("register.safe")} {provisional > 0 && t("register.provisionalText")}
      </p>
      <section
        className={css.lines}
        aria-label={t("register.done")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
        tabIndex={0}
      >
        <ol>
          {lines.map((line, i) => (
            <li key={line.letter} className={css.line} data-testid="register-line">
              <span className={css.lineWhat}>
                {cards.get(line.letter)?.title || t("register.nth", { number: i + 1 })}
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
