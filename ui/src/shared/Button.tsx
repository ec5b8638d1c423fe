import type { ComponentProps, ReactNode } from "react";
import css from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./icons/Icon";

interface ButtonProps extends ComponentProps<"button"> {
  tone?: "main" | "plain" | "quiet";
  icon?: IconName;
  /** The key that does the same, as printed on keys. */
  shortcut?: string | undefined;
  children: ReactNode;
}

/** A button with a word. One `main` per screen at most. */
export function Button({
  tone = "plain",
  icon,
  shortcut,
  children,
  className,
  type = "button",
  ...rest
}: ButtonProps) {
  return (
    <button {...rest} type={type} className={cx(css.button, css[tone], className)}>
      {icon !== undefined && <Icon name={icon} />}
      <span className={css.word}>{children}</span>
      {shortcut !== undefined && (
        <span className={css.key} aria-hidden="true">
          {shortcut}
        </span>
      )}
    </button>
  );
}
