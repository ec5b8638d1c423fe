import { Menu } from "@base-ui/react/menu";
import { useTranslation } from "react-i18next";
import type { FileExport } from "../../generated/types";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import menu from "../../shared/Menu.module.css";
import { useExport } from "../../shared/useExport";
import { useLandmark } from "../../shared/useLandmark";
import css from "./Dossiers.module.css";

interface SaveMenuProps<F extends string> {
  of: "list" | "contents";
  /** What is saved, each under its name. */
  formats: readonly { format: F; name: string }[];
  make: (format: F) => Promise<FileExport>;
}

/** What is shown as a file: to be printed, as a table, for another system. */
export function SaveMenu<F extends string>({ of, formats, make }: SaveMenuProps<F>) {
  const { t } = useTranslation();
  const save = useExport(make);
  const landmark = useLandmark();
  return (
    <>
      {/* What an open menu puts beside its trigger stays out of the row's gaps. */}
      <span className={css.save}>
        <Menu.Root>
          <Menu.Trigger
            ref={landmark.ref}
            disabled={save.isPending}
            render={<Button icon="download">{t("dossier.save")}</Button>}
            data-testid={`dossier-save-${of}`}
          />
          <Menu.Portal {...landmark.inside}>
            <Menu.Positioner className={menu.positioner} align="start" sideOffset={4}>
              <Menu.Popup className={menu.popup}>
                {formats.map(({ format, name }) => (
                  <Menu.Item
                    key={format}
                    className={menu.item}
                    onClick={() => save.mutate(format)}
                    data-testid={`dossier-save-${of}-${format}`}
                  >
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      </span>
      {save.error !== null && <ErrorMessage error={save.error} className={css.error} />}
    </>
  );
}
