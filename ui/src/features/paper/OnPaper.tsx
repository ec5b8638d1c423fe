import { useTranslation } from "react-i18next";
import type { OutgoingDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { showDay } from "../intake/days";
import css from "../issuing/Issuing.module.css";

/** What went by post, and who has the file copy. */
export function OnPaper({ outgoing }: { outgoing: OutgoingDto }) {
  const { t } = useTranslation();
  const { mailings, loans } = outgoing;
  if (mailings.length === 0 && loans.length === 0) return null;
  return (
    <section data-testid="on-paper">
      <h2 className={css.title}>{t("paper.title")}</h2>
      <ul className={css.deliveries}>
        {mailings.map((one, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only added, behind the others.
          <li key={place} className={css.delivery}>
            <p className={css.name}>{one.to}</p>
            <p className={css.quiet}>
              {t("paper.mailed", { count: one.envelopes, day: showDay(one.on) })}
            </p>
            {one.note !== "" && <p className={css.quiet}>{one.note}</p>}
          </li>
        ))}
        {loans.map((one) => (
          <li key={one.id} className={css.delivery} data-testid="loan">
            <p className={css.agency}>
              <span className={css.name}>{one.borrower}</span>
              {one.returned_on === null && <Badge tone="warn">{t("paper.out")}</Badge>}
            </p>
            <p className={css.quiet}>
              {one.returned_on === null
                ? t("paper.lent", { day: showDay(one.on), who: one.permitted_by })
                : t("paper.returned", { day: showDay(one.on), back: showDay(one.returned_on) })}
            </p>
            {one.note !== "" && <p className={css.quiet}>{one.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
