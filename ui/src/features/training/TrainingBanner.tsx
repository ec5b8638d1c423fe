import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { Icon } from "../../shared/icons/Icon";
import css from "./TrainingBanner.module.css";

/** While training: says so at the top of every screen, with the PIN of the practice token and the
 * way out. */
export function TrainingBanner() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useRead("token", "token_state", {});
  const stop = useMutation({
    mutationFn: () => host().call("training_stop", {}),
    onSettled: () => client.invalidateQueries({ queryKey: ["token"] }),
  });
  const training = data?.training ?? null;
  if (training === null) return null;
  return (
    <section className={css.banner} aria-label={t("training.banner")} data-testid="training-banner">
      <Icon name="warning" size={20} />
      <p className={css.words}>
        <strong>{t("training.banner")}</strong>
        <span>
          {t(`training.scenario.${training.scenario}.title`)} ·{" "}
          {t("training.pin", { pin: training.pin })}
        </span>
      </p>
      <Button icon="stop" onClick={() => stop.mutate()} data-testid="training-stop">
        {t("training.stop")}
      </Button>
    </section>
  );
}
