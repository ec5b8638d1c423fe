import { Dialog } from "@base-ui/react/dialog";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import dialog from "./Dialog.module.css";

interface ConfirmProps {
  open: boolean;
  title: string;
  text: string;
  /** What happens, as a word on the button. */
  yes: string;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before something is let go; the safe way out comes first. */
export function Confirm({ open, title, text, yes, onYes, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} data-testid="confirm">
          <Dialog.Title className={dialog.title}>{title}</Dialog.Title>
          <Dialog.Description>{text}</Dialog.Description>
          <div className={dialog.acts}>
            <Button onClick={onClose}>{t("app.cancel")}</Button>
            <Button
              onClick={() => {
                onYes();
                onClose();
              }}
              data-testid="confirm-yes"
            >
              {yes}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
