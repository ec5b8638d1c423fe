import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CommandError } from "../platform";
import { cx } from "./cx";
import css from "./ErrorMessage.module.css";
import { Icon } from "./icons/Icon";

interface ErrorMessageProps {
  error: unknown;
  /** Buttons that do what the remedy says. */
  children?: ReactNode;
  className?: string | undefined;
}

/** What happened · what is safe · what to do now, and the code in small print for support. */
export function ErrorMessage({ error, children, className }: ErrorMessageProps) {
  const { t, i18n } = useTranslation();
  const { code, args } = CommandError.from(error);
  const facts: Record<string, string> = { ...args };
  const reason = args.reason;
  if (reason !== undefined && i18n.exists(`refused.${reason}`)) {
    facts.reason = t(`refused.${reason}` as "refused.NOT_PDF");
  }
  return (
    <div
      role="alert"
      className={cx(css.message, className)}
      data-testid="error-message"
      data-code={code}
    >
      <Icon name="warning" size={20} className={css.icon} />
      <div className={css.text}>
        <p className={css.what}>{t(`err.${code}`, { replace: facts })}</p>
        <p className={css.safe}>{t(`safe.${code}`, { replace: facts })}</p>
        <p>{t(`rec.${code}`, { replace: facts })}</p>
        {children !== undefined && <div className={css.acts}>{children}</div>}
        <p className={css.code}>{t("error.codeLabel", { code })}</p>
      </div>
    </div>
  );
}
