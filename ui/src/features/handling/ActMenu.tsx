import { Menu } from "@base-ui/react/menu";
import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import button from "../../shared/IconButton.module.css";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { useLandmark } from "../../shared/useLandmark";
import { ACT_ICONS, type ActKind, actName } from "./acts";
import type { Acting } from "./useHandling";

interface ActMenuProps {
  acts: readonly ActKind[];
  acting: Acting;
  /** Gives a task from the document; none for who gives none. */
  onTask: (() => void) | undefined;
}

/** The acts beside the main one, with their keys. */
export function ActMenu({ acts, acting, onTask }: ActMenuProps) {
  const { t } = useTranslation();
  const landmark = useLandmark();
  const { handling } = acting;
  if (acts.length === 0 && handling?.undoable !== true && onTask === undefined) return null;
  return (
    <Menu.Root>
      <Menu.Trigger
        ref={landmark.ref}
        className={button.button}
        aria-label={t("document.more")}
        title={t("document.more")}
        data-testid="act-menu"
      >
        <Icon name="more" />
      </Menu.Trigger>
      <Menu.Portal {...landmark.inside}>
        <Menu.Positioner sideOffset={4} align="end" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            {acts.map((act) => (
              <Menu.Item
                key={act}
                className={menu.item}
                onClick={() => acting.start(act)}
                data-testid={`menu-act-${act}`}
              >
                <Icon name={ACT_ICONS[act]} />
                <span>{t(actName(act, handling))}</span>
                <kbd>{keyLabel(`act.${act}`)}</kbd>
              </Menu.Item>
            ))}
            {onTask !== undefined && (
              <Menu.Item className={menu.item} onClick={onTask} data-testid="menu-task-give">
                <Icon name="task" />
                <span>{t("key.task_give")}</span>
                <kbd>{keyLabel("task.give")}</kbd>
              </Menu.Item>
            )}
            {handling?.undoable === true && (
              <Menu.Item className={menu.item} onClick={acting.undo} data-testid="menu-act-undo">
                <Icon name="undo" />
                <span>{t("act.undo")}</span>
                <kbd>{keyLabel("act.undo")}</kbd>
              </Menu.Item>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
