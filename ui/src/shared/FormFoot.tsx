import { useTranslation } from "react-i18next";
import { keyLabel } from "../keymap";
import { Button } from "./Button";
import { cx } from "./cx";
import css from "./FormFoot.module.css";
import type { IconName } from "./icons/Icon";

interface FormFootProps {
  /** What was typed is kept on this machine. */
  kept?: boolean;
  /** It is being saved. */
  busy: boolean;
  /** What the main button does. */
  label: string;
  icon?: IconName;
  testId?: string;
  /** What it stands at the lower edge of. */
  edge: "dialog" | "panel";
  onCancel: () => void;
}

/** The foot of a form: whether what was typed is kept, the way out, and the act itself. */
export function FormFoot({
  kept = false,
  busy,
  label,
  icon,
  testId = "act-send",
  edge,
  onCancel,
}: FormFootProps) {
  const { t } = useTranslation();
  return (
    <div className={cx(css.foot, css[edge])}>
      <span className={css.kept}>{kept ? t("opinions.draftKept") : ""}</span>
      <Button onClick={onCancel}>{t("app.cancel")}</Button>
      <Button
        tone="main"
        type="submit"
        {...(icon === undefined ? {} : { icon })}
        shortcut={keyLabel("act.send")}
        aria-busy={busy}
        data-testid={testId}
      >
        {busy ? t("act.saving") : label}
      </Button>
    </div>
  );
}
