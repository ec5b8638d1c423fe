import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { DossierDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { showDay, todayHere } from "../intake/days";
import css from "./Dossiers.module.css";

/** The person's own dossiers that are to be at the archive soon, of whatever year. */
export function DueDossiers({ onChoose }: { onChoose: (dossier: DossierDto) => void }) {
  const { t } = useTranslation();
  const { data } = useRead("documents", "dossiers_due", {});
  if (data === undefined || data.length === 0) return null;
  const today = todayHere();
  return (
    <section className={css.due} aria-label={t("dossier.due.title")} data-testid="dossiers-due">
      <h2 className={css.dueTitle}>{t("dossier.due.title")}</h2>
      <ul>
        {data.map((dossier) => {
          const by = dossier.hand_over_by ?? "";
          return (
            <li key={dossier.id}>
              <button
                type="button"
                className={css.dueOne}
                onClick={() => onChoose(dossier)}
                title={dossier.title}
                data-testid="dossier-due"
              >
                <b>{dossier.notation}</b>
                <span className={css.dueName}>{dossier.title}</span>
                <Badge tone={by < today ? "danger" : "warn"}>
                  {t(by < today ? "dossier.due.late" : "dossier.due.by", { day: showDay(by) })}
                </Badge>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
