import { Menu } from "@base-ui/react/menu";
import { useTranslation } from "react-i18next";
import { type KeyId, keyLabel } from "../../keymap";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { useLandmark } from "../../shared/useLandmark";
import css from "./Toolbar.module.css";
import type { Zoom } from "./useZoom";

interface ZoomMenuProps {
  zoom: Zoom;
  turns: number;
  onTurn: ((by: 1 | -1) => void) | undefined;
}

/** How large the pages are, and which way up they are looked at. */
export function ZoomMenu({ zoom, turns, onTurn }: ZoomMenuProps) {
  const { t } = useTranslation();
  const landmark = useLandmark();
  const actual = zoom.mode === "scale" && zoom.percent === 100;
  const chosen = zoom.mode === "scale" ? (actual ? "actual" : "") : zoom.mode;
  const sizes = [
    { value: "width", word: t("viewer.fit"), key: "zoom.fit", act: zoom.fit },
    { value: "page", word: t("viewer.fitPage"), key: "zoom.page", act: zoom.fitPage },
    { value: "actual", word: t("viewer.actual"), key: "zoom.actual", act: zoom.actual },
  ] as const satisfies ReadonlyArray<{ value: string; word: string; key: KeyId; act: () => void }>;
  return (
    <Menu.Root>
      <Menu.Trigger
        ref={landmark.ref}
        className={css.percent}
        aria-label={t("viewer.size", { percent: zoom.percent })}
        data-testid="zoom-menu"
      >
        {turns !== 0 && <Icon name="turn" />}
        {zoom.percent}%
        <Icon name="chevronDown" />
      </Menu.Trigger>
      <Menu.Portal {...landmark.inside}>
        <Menu.Positioner sideOffset={4} align="end" className={menu.positioner}>
          <Menu.Popup className={menu.popup}>
            <Menu.RadioGroup value={chosen} aria-label={t("viewer.sizes")}>
              {sizes.map(({ value, word, key, act }) => (
                <Menu.RadioItem
                  key={value}
                  value={value}
                  className={menu.item}
                  onClick={act}
                  closeOnClick
                  data-testid={`zoom-${value}`}
                >
                  <span>{word}</span>
                  <Menu.RadioItemIndicator>
                    <Icon name="check" />
                  </Menu.RadioItemIndicator>
                  <kbd>{keyLabel(key)}</kbd>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            {onTurn !== undefined && (
              <>
                <Menu.Separator className={menu.separator} />
                <Menu.Item className={menu.item} onClick={() => onTurn(1)} data-testid="turn-right">
                  <Icon name="turn" />
                  <span>{t("viewer.turn")}</span>
                  <kbd>{keyLabel("view.turn")}</kbd>
                </Menu.Item>
                <Menu.Item className={menu.item} onClick={() => onTurn(-1)}>
                  <Icon name="undo" />
                  <span>{t("viewer.turnBack")}</span>
                  <kbd>{keyLabel("view.turnBack")}</kbd>
                </Menu.Item>
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
