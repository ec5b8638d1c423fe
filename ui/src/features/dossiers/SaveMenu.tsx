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
  of: "list" | "contents" | "statistics";
  /** What is saved, each under its name. */
  formats: readonly { format: F; name: string }[];
  make: (format: F) => Promise<FileExport>;
  /** What is saved where the person says, as it may be large. */
  large?: { name: string; busy: boolean; save: () => void };
}

/** What is shown as a file: to be printed, as a table, for another system. */
export function SaveMenu<F extends string>({ of, formats, make, large }: SaveMenuProps<F>) {
  const { t } = useTranslation();
  const save = useExport(make);
  const landmark = useLandmark();
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          ref={landmark.ref}
          disabled={save.isPending || large?.busy === true}
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
              {large !== undefined && (
                <Menu.Item
                  className={menu.item}
                  onClick={large.save}
                  data-testid={`dossier-save-${of}-large`}
                >
                  {large.name}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {save.error !== null && <ErrorMessage error={save.error} className={css.error} />}
    </>
  );
}
