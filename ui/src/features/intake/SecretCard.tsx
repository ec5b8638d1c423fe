import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { LetterCard } from "../../generated/types";
import { Button } from "../../shared/Button";
import { Icon } from "../../shared/icons/Icon";
import css from "./StackPane.module.css";

interface SecretCardProps {
  card: LetterCard;
  /** Counts up when the button is to take the focus. */
  focus: number;
  onDone: () => void;
}

/** A letter with a mark of secrecy: nothing of it is kept here; what the clerk does now. */
export function SecretCard({ card, focus, onDone }: SecretCardProps) {
  const { t } = useTranslation();
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus > 0) done.current?.focus();
  }, [focus]);
  return (
    <div className={css.pane}>
      <section className={css.box} aria-label={t("intake.secret.title")} data-testid="secret-card">
        <h2 className={css.title}>
          <Icon name="lock" size={20} className={css.danger} />
          {t("intake.secret.title")}
        </h2>
        <p>{t("intake.secret.what", { name: card.name })}</p>
        <p className={css.safe}>{t("intake.secret.safe")}</p>
        <ol className={css.steps}>
          {(["book", "scan", "person"] as const).map((step) => (
            <li key={step}>{t(`intake.secret.${step}`)}</li>
          ))}
        </ol>
        <div className={css.acts}>
          <Button ref={done} tone="main" icon="check" onClick={onDone} data-testid="secret-done">
            {t("intake.secret.done")}
          </Button>
        </div>
      </section>
    </div>
  );
}
