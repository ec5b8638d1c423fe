import { useTranslation } from "react-i18next";
import { formatMm } from "../../shared/format";
import css from "./SignPanel.module.css";
import type { PlacementControl } from "./usePlacement";

interface PlacementFactsProps {
  placement: PlacementControl;
  signerName: string;
}

/** Where the signature will stand, in millimetres, and how to move it. */
export function PlacementFacts({ placement, signerName }: PlacementFactsProps) {
  const { t, i18n } = useTranslation();
  const { value } = placement;
  if (value === null) return null;
  const mm = (n: number) => formatMm(n, i18n.language);
  return (
    <section className={css.step}>
      <div className={css.stepHead}>
        <h3>{t(placement.role === null ? "sign.placement" : `sign.role.${placement.role}`)}</h3>
        <button type="button" className={css.link} onClick={placement.show}>
          {t("sign.placementShow")}
        </button>
      </div>
      <div className={css.facts} data-testid="placement-facts">
        <p>
          {t("sign.placementPage", { page: value.page + 1, count: placement.pages.length })}
          {" · "}
          {t("sign.placementSize", { w: mm(value.w_mm), h: mm(value.h_mm) })}
        </p>
        <p className={css.small}>
          {t("sign.placementAt", { x: mm(value.x_mm), y: mm(value.y_mm) })}
        </p>
        {placement.source === "FOUND" && placement.role !== null && (
          <p className={css.small}>{t(`sign.found.${placement.role}`, { name: signerName })}</p>
        )}
      </div>
      <p className={css.small}>{t("sign.placementHint")}</p>
    </section>
  );
}
