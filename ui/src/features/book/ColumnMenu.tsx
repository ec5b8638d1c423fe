import { Menu } from "@base-ui/react/menu";
import { useTranslation } from "react-i18next";
import type { RegisterKind } from "../../generated/types";
import button from "../../shared/Button.module.css";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { useLandmark } from "../../shared/useLandmark";
import type { Columns } from "./columns";
import { columnName } from "./names";

interface ColumnMenuProps {
  register: RegisterKind;
  columns: Columns;
}

/** Which columns are shown, printed and taken out; one always stays. */
export function ColumnMenu({ register, columns }: ColumnMenuProps) {
  const { t } = useTranslation();
  const landmark = useLandmark();
  const { shown, all, isDecree, choose, restore } = columns;
  return (
    <Menu.Root>
      <Menu.Trigger
        ref={landmark.ref}
        className={cx(button.button, button.plain)}
        data-testid="book-columns"
      >
        {t("book.columns")}
        <Icon name="chevronDown" />
      </Menu.Trigger>
      <Menu.Portal {...landmark.inside}>
        <Menu.Positioner className={menu.positioner} align="end" sideOffset={4}>
          <Menu.Popup className={menu.popup}>
            {all.map((column) => {
              const on = shown.includes(column);
              return (
                <Menu.CheckboxItem
                  key={column}
                  className={menu.item}
                  checked={on}
                  disabled={on && shown.length === 1}
                  closeOnClick={false}
                  onCheckedChange={(now) =>
                    choose(all.filter((one) => (one === column ? now : shown.includes(one))))
                  }
                  data-testid={`book-column-${column}`}
                >
                  <span>{columnName(t, register, column)}</span>
                  {on && <Icon name="check" />}
                </Menu.CheckboxItem>
              );
            })}
            <div className={menu.separator} />
            <Menu.Item
              className={menu.item}
              disabled={isDecree}
              onClick={restore}
              data-testid="book-columns-decree"
            >
              <span>{t("book.decree")}</span>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
