import { useTranslation } from "react-i18next";
import { Button } from "../../shared/Button";
import { Icon } from "../../shared/icons/Icon";
import css from "./BatchStrip.module.css";
import { useBatch } from "./useBatch";

/** On every other screen: a batch is at work, or was broken off and can go on. */
export function BatchStrip({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation();
  const { batch, running } = useBatch();
  if (batch === null || (!running && !batch.can_resume)) return null;
  const facts = { done: batch.done, total: batch.total, signed: batch.signed };
  return (
    <section className={css.strip} aria-label={t("batch.title")} data-testid="batch-strip">
      <Icon name={running ? "sign" : "warning"} size={20} />
      <p className={css.words} role="status">
        {t(running ? "batch.strip.running" : "batch.strip.stopped", facts)}
      </p>
      <Button onClick={onOpen}>{t("batch.strip.open")}</Button>
    </section>
  );
}
