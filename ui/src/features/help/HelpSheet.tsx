import { Dialog } from "@base-ui/react/dialog";
import { useTranslation } from "react-i18next";
import { KEY_GROUPS, KEY_IDS, KEYMAP, type KeyId, keyLabels } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import button from "../../shared/IconButton.module.css";
import { Icon } from "../../shared/icons/Icon";
import css from "./HelpSheet.module.css";

type Undotted<S extends string> = S extends `${infer A}.${infer B}` ? `${A}_${B}` : S;

/** The catalogue's key for the name of a binding. */
function keyName(id: KeyId): `key.${Undotted<KeyId>}` {
  return `key.${id.replace(".", "_")}` as `key.${Undotted<KeyId>}`;
}

interface HelpSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Opens the guide of the first day. */
  onGuide: () => void;
}

/** All keys, read from the keymap. */
export function HelpSheet({ open, onOpenChange, onGuide }: HelpSheetProps) {
  const { t } = useTranslation();
  const startGuide = () => {
    onOpenChange(false);
    onGuide();
  };
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, dialog.wide)} data-testid="help-sheet">
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{t("help.title")}</Dialog.Title>
            {/* No tooltip here: its Escape would come before the sheet's. */}
            <Dialog.Close className={button.button} aria-label={t("app.close")}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <Keys />
          <div className={css.foot}>
            <Dialog.Description className={css.note}>{t("help.note")}</Dialog.Description>
            <Button onClick={startGuide} data-testid="help-guide">
              {t("onboarding.open")}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Made only when the sheet is open. */
function Keys() {
  const { t } = useTranslation();
  return (
    <div className={css.groups}>
      {KEY_GROUPS.map((group) => (
        <section key={group}>
          <h3 className={css.title}>{t(`help.group.${group}`)}</h3>
          <dl className={css.keys}>
            {KEY_IDS.filter((id) => KEYMAP[id].group === group).map((id) => (
              <div key={id} className={css.key}>
                <dt>{t(keyName(id))}</dt>
                <dd>
                  {keyLabels(id).map((label) => (
                    <kbd key={label}>{label}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
