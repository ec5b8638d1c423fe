import type { ReactNode } from "react";
import css from "./Empty.module.css";
import { Icon, type IconName } from "./icons/Icon";

interface EmptyProps {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
}

/** An empty place that teaches: what appears here, where it comes from, the first act. */
export function Empty({ icon, title, text, children }: EmptyProps) {
  return (
    <div className={css.empty}>
      <span className={css.icon}>
        <Icon name={icon} size={20} />
      </span>
      <h2 className={css.title}>{title}</h2>
      {text !== undefined && <p className={css.text}>{text}</p>}
      {children !== undefined && <div className={css.acts}>{children}</div>}
    </div>
  );
}
