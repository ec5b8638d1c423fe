import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "./cx";
import css from "./TextField.module.css";

interface TextFieldProps extends ComponentProps<"input"> {
  label: string;
  /** What is wrong with the value, in words. */
  problem?: string | undefined;
  note?: string | undefined;
  /** What stands inside the field's right end. */
  end?: ReactNode;
}

/** One line of text with its label above. Give it `defaultValue`, never `value`. */
export function TextField({ label, problem, note, end, className, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className={className}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={cx(css.box, problem !== undefined && css.wrong)}>
        <input
          {...input}
          id={id}
          className={css.input}
          aria-invalid={problem !== undefined}
          aria-describedby={problem !== undefined || note !== undefined ? `${id}-note` : undefined}
        />
        {end}
      </div>
      {(problem !== undefined || note !== undefined) && (
        <p id={`${id}-note`} className={problem !== undefined ? css.problem : css.note}>
          {problem ?? note}
        </p>
      )}
    </div>
  );
}
