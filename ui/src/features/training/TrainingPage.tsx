import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { TrainingReport, TrainingScenario } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import css from "./TrainingPage.module.css";

/** How many copies of the sample one practice signs. */
const COPIES = 3;

/** Practising with a simulated token: choose what it shall do, sign the sample, read the message. */
export function TrainingPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const scenarios = useRead("token", "training_scenarios", {});
  const state = useRead("token", "token_state", {});
  const [report, setReport] = useState<TrainingReport | null>(null);
  const work = useRef<HTMLDivElement>(null);
  const reread = () => client.invalidateQueries({ queryKey: ["token"] });
  const sign = useMutation({
    mutationFn: () => host().call("training_sign", { documents: COPIES }),
    onSuccess: setReport,
    onSettled: reread,
  });
  const start = useMutation({
    mutationFn: (scenario: TrainingScenario) => host().call("training_start", { scenario }),
    onSuccess: () => {
      setReport(null);
      sign.reset();
      work.current?.scrollIntoView({ block: "nearest" });
    },
    onSettled: reread,
  });
  const training = state.data?.training ?? null;
  const token = state.data?.tokens[0]?.label;
  return (
    <div className={css.page}>
      <p className={css.lead}>{t("training.lead")}</p>
      {start.error !== null && <ErrorMessage error={start.error} />}
      <div className={css.both}>
        <ul className={css.list} aria-label={t("training.list")}>
          {scenarios.data?.map(({ id }) => (
            <li key={id}>
              <button
                type="button"
                className={cx(css.scenario, training?.scenario === id && css.current)}
                aria-pressed={training?.scenario === id}
                disabled={start.isPending || sign.isPending}
                onClick={() => start.mutate(id)}
                data-testid="training-scenario"
                data-id={id}
              >
                <span className={css.title}>{t(`training.scenario.${id}.title`)}</span>
                <span className={css.hint}>{t(`training.scenario.${id}.hint`)}</span>
              </button>
            </li>
          ))}
        </ul>
        <div className={css.work} ref={work}>
          {training === null ? (
            <Empty icon="play" title={t("training.empty.title")} text={t("training.empty.text")} />
          ) : (
            <>
              <h2 className={css.what}>{t(`training.scenario.${training.scenario}.title`)}</h2>
              {state.data?.problem != null && (
                <ErrorMessage error={CommandError.from(state.data.problem)} />
              )}
              <Button
                tone="main"
                icon="sign"
                disabled={sign.isPending}
                onClick={() => sign.mutate()}
                data-testid="training-sign"
              >
                {t("training.sign", { count: COPIES })}
              </Button>
              {sign.isPending && <p className={css.hint}>{t("sign.pinElsewhere")}</p>}
              {sign.error !== null && <ErrorMessage error={sign.error} facts={{ token }} />}
              {report !== null && <Report report={report} token={token} />}
              <Sample
                sha256={
                  report?.items.find((item) => item.sha256 !== null)?.sha256 ?? training.sample
                }
              />
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function Report({ report, token }: { report: TrainingReport; token: string | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {report.stopped !== null && (
        <ErrorMessage error={CommandError.from(report.stopped)} facts={{ token }} />
      )}
      <ol className={css.items} data-testid="training-report">
        {report.items.map((item, i) => {
          const signed = item.sha256 !== null;
          const key = signed ? "SIGNED" : item.problem !== null ? "FAILED" : "UNTOUCHED";
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the copies are only told apart by their order.
            <li key={i} className={css[key]} data-state={key}>
              <Icon name={signed ? "seal" : item.problem !== null ? "error" : "circle"} size={20} />
              <span>
                {t("training.copy", { number: i + 1 })}: {t(`training.item.${key}`)}
                {item.problem !== null && ` (${item.problem.code})`}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}

function Sample({ sha256 }: { sha256: string }) {
  const { t } = useTranslation();
  return (
    <img
      className={css.sample}
      src={host().pageUrl(sha256, 0, Math.round(480 * window.devicePixelRatio))}
      alt={t("training.sample")}
      data-testid="training-sample"
    />
  );
}
