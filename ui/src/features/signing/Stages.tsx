import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { SignStage } from "../../generated/types";
import { Icon } from "../../shared/icons/Icon";
import css from "./SignPanel.module.css";

const STAGES = ["preparing", "waiting_for_pin", "signing", "verifying", "storing"] as const;
/** Also asked between change events: a stage can last for less than their gathering. */
const ASK_EVERY_MS = 400;

/** How far a signing is, one line per stage. */
export function Stages() {
  const { t } = useTranslation();
  const { data } = useRead("signing", "sign_progress", {}, { refetchInterval: ASK_EVERY_MS });
  const stage: SignStage = data?.stage ?? "preparing";
  const at = stage === "idle" ? 0 : STAGES.indexOf(stage);
  return (
    <>
      <ol className={css.stages} aria-label={t("sign.stagesLabel")} data-testid="sign-stages">
        {STAGES.map((each, i) => {
          const state = i < at ? "done" : i === at ? "now" : "later";
          return (
            <li
              key={each}
              className={css.stage}
              data-state={state}
              aria-current={state === "now" ? "step" : undefined}
            >
              <span className={css.stageMark}>{state === "done" && <Icon name="check" />}</span>
              {t(`sign.stage.${each}`)}
            </li>
          );
        })}
      </ol>
      <div role="status">
        {stage === "waiting_for_pin" && (
          <p className={css.pin}>
            {t("sign.pinElsewhere")} {t("sign.noRetry")}
          </p>
        )}
      </div>
    </>
  );
}
