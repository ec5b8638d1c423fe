import type { ReactNode } from "react";
import css from "./Badge.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./icons/Icon";

interface BadgeProps {
  tone: "neutral" | "accent" | "danger" | "warn" | "ok";
  icon?: IconName;
  solid?: boolean;
  children: ReactNode;
}

/** A word with a colour, never a colour alone. */
export function Badge({ tone, icon, solid = false, children }: BadgeProps) {
  return (
    <span className={cx(css.badge, css[tone], solid && css.solid)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </span>
  );
}
