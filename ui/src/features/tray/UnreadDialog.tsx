import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UnreadReason } from "../../generated/types";
import { Button } from "../../shared/Button";
import { Choices } from "../../shared/Choices";
import dialog from "../../shared/Dialog.module.css";
import css from "./UnreadDialog.module.css";

const REASONS: readonly UnreadReason[] = ["read_on_paper", "read_before", "reported", "urgent"];

interface UnreadDialogProps {
  /** What is to be marked unread; the dialog is closed without. */
  title: string | null;
  /** How much of it was read, in words. */
  read: string;
  onConfirm: (reason: UnreadReason) => void;
  onClose: () => void;
}

/** Marking what was not looked at is an act of its own: with a reason, which is kept. */
export function UnreadDialog({ title, read, onConfirm, onClose }: UnreadDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<UnreadReason | null>(null);
  const close = () => {
    setReason(null);
    onClose();
  };
  return (
    <Dialog.Root open={title !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} data-testid="unread-dialog">
          <Dialog.Title className={dialog.title}>{t("tray.unread.title")}</Dialog.Title>
          <Dialog.Description className={css.text}>
            <b>{title}</b>
            {read}. {t("tray.unread.text")}
          </Dialog.Description>
          <Choices
            label={t("tray.unread.why")}
            value={reason ?? undefined}
            choices={REASONS.map((id) => ({
              id,
              title: t(`tray.unread.reason.${id}`),
              facts: null,
            }))}
            onChoose={(id) => setReason(REASONS.find((known) => known === id) ?? null)}
            testId="unread-reason"
          />
          <div className={css.acts}>
            <Button onClick={close}>{t("tray.unread.cancel")}</Button>
            <Button
              tone="main"
              disabled={reason === null}
              onClick={() => {
                if (reason !== null) onConfirm(reason);
                close();
              }}
              data-testid="unread-confirm"
            >
              {t("tray.unread.confirm")}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
