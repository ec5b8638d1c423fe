import { useTranslation } from "react-i18next";
import { Icon } from "../../shared/icons/Icon";
import css from "./DropZone.module.css";

/** Says what happens when the files over the window are let go. */
export function DropZone() {
  const { t } = useTranslation();
  return (
    <div className={css.zone} role="status" data-testid="drop-zone">
      <div className={css.box}>
        <Icon name="upload" size={20} />
        <p className={css.title}>{t("intake.drop")}</p>
        <p>{t("intake.dropSafe")}</p>
      </div>
    </div>
  );
}
