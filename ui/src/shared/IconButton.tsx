import { Tooltip } from "@base-ui/react/tooltip";
import type { ComponentProps } from "react";
import { cx } from "./cx";
import css from "./IconButton.module.css";
import { Icon, type IconName } from "./icons/Icon";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: IconName;
  /** The word: accessible name and tooltip. */
  label: string;
  shortcut?: string;
  pressed?: boolean;
}

/** A button that is only a sign; its word is in the tooltip and for screen readers. */
export function IconButton({
  icon,
  label,
  shortcut,
  pressed,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        {...rest}
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={cx(css.button, pressed && css.pressed, className)}
      >
        <Icon name={icon} />
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className={css.tip} aria-hidden="true">
            {label}
            {shortcut !== undefined && <kbd>{shortcut}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
