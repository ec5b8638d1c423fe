import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CommandError } from "../platform";
import { cx } from "./cx";
import css from "./ErrorMessage.module.css";
import { Icon } from "./icons/Icon";

interface ErrorMessageProps {
  error: unknown;
  /** Facts the place knows, for sentences whose error does not bring them. */
  facts?: Record<string, string | undefined>;
  /** What is safe here, where the place knows it better than the catalogue. */
  safe?: string | undefined;
  /** What to do here. */
  rec?: string | undefined;
  /** Buttons that do what the remedy says. */
  children?: ReactNode;
  className?: string | undefined;
}

/** What happened · what is safe · what to do now, and the code in small print for support. */
export function ErrorMessage(props: ErrorMessageProps) {
  const { error, facts: known, children, className } = props;
  const { t, i18n } = useTranslation();
  const { code, args } = CommandError.from(error);
  const facts: Record<string, string | undefined> = { ...known, ...args };
  const reason = args.reason;
  if (reason !== undefined && i18n.exists(`refused.${reason}`)) {
    facts.reason = t(`refused.${reason}` as "refused.ENCRYPTED");
  }
  // What the server refuses at once is not among what waits: its own reason says what to do.
  const own = `refusedCall.${args.code}`;
  const key = code === "SERVER_REFUSED" && i18n.exists(own) ? own : `rec.${code}`;
  // The code decides the key at run time; the completeness test proves that every code has one.
  const say = t as (key: string, options: object) => string;
  return (
    <div
      role="alert"
      className={cx(css.message, className)}
      data-testid="error-message"
      data-code={code}
    >
      <Icon name="warning" size={20} className={css.icon} />
      <div className={css.text}>
        <p className={css.what}>{say(`err.${code}`, { replace: facts })}</p>
        <p className={css.safe}>{props.safe ?? say(`safe.${code}`, { replace: facts })}</p>
        <p>{props.rec ?? say(key, { replace: facts })}</p>
        {children !== undefined && <div className={css.acts}>{children}</div>}
        <p className={css.code}>{t("error.codeLabel", { code })}</p>
      </div>
    </div>
  );
}
