import { Menu } from "@base-ui/react/menu";
import { useTranslation } from "react-i18next";
import type { SearchColumn } from "../../generated/types";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { COLUMNS } from "./columns";
import css from "./SearchHead.module.css";

interface ColumnMenuProps {
  columns: readonly SearchColumn[];
  onColumns: (columns: readonly SearchColumn[]) => void;
}

/** Which columns the results show; one always stays. */
export function ColumnMenu({ columns, onColumns }: ColumnMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu.Root>
      <Menu.Trigger className={css.menu} data-testid="search-columns">
        {t("search.columns")}
        <Icon name="chevronDown" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={menu.positioner} align="end" sideOffset={4}>
          <Menu.Popup className={menu.popup}>
            {COLUMNS.map((column) => {
              const shown = columns.includes(column);
              return (
                <Menu.CheckboxItem
                  key={column}
                  className={menu.item}
                  checked={shown}
                  disabled={shown && columns.length === 1}
                  closeOnClick={false}
                  onCheckedChange={(on) =>
                    onColumns(
                      COLUMNS.filter((one) => (one === column ? on : columns.includes(one))),
                    )
                  }
                >
                  <span>{t(`search.column.${column}`)}</span>
                  <Menu.CheckboxItemIndicator render={<i />}>
                    <Icon name="check" />
                  </Menu.CheckboxItemIndicator>
                </Menu.CheckboxItem>
              );
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
