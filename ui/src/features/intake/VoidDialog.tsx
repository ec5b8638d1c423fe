import { Dialog } from "@base-ui/react/dialog";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterCard } from "../../generated/types";
import { Button } from "../../shared/Button";
import dialog from "../../shared/Dialog.module.css";
import { TextField } from "../../shared/TextField";

interface VoidDialogProps {
  open: boolean;
  card: Pick<LetterCard, "number" | "can_undo">;
  onYes: (reason: string) => void;
  onClose: () => void;
}

/** Taking a registration back. A number that was given becomes void, and the book says why. */
export function VoidDialog({ open, card, onYes, onClose }: VoidDialogProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const wanted = card.number !== null || !card.can_undo;
  const yes = () => {
    const reason = field.current?.value.trim() ?? "";
    if (wanted && reason === "") {
      setMissing(true);
      field.current?.focus();
      return;
    }
    onYes(reason);
    onClose();
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} data-testid="void-dialog" initialFocus={field}>
          <Dialog.Title className={dialog.title}>
            {t(card.can_undo ? "intake.undoRegistration" : "intake.voidRegistration")}
          </Dialog.Title>
          <Dialog.Description>
            {card.number === null
              ? t("intake.undoText")
              : t("intake.voidText", { number: card.number })}
          </Dialog.Description>
          {wanted && (
            <TextField
              ref={field}
              label={t("intake.reason")}
              problem={missing ? t("intake.reasonMissing") : undefined}
              onKeyDown={(event) => {
                if (event.key === "Enter") yes();
              }}
              data-testid="void-reason"
            />
          )}
          <div className={dialog.acts}>
            <Button onClick={onClose}>{t("app.cancel")}</Button>
            <Button tone="main" onClick={yes} data-testid="void-yes">
              {t(card.can_undo ? "intake.undoYes" : "intake.voidYes")}
            </Button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
