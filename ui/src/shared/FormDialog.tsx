import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import { isKey } from "../keymap";
import { cx } from "./cx";
import dialog from "./Dialog.module.css";
import { ErrorMessage } from "./ErrorMessage";
import { FormFoot } from "./FormFoot";

interface FormDialogProps {
  title: string;
  /** What it is about, in a sentence. */
  text: ReactNode;
  children: ReactNode;
  /** What the main button does. */
  label: string;
  /** It is being saved: until then nothing is sent again. */
  busy: boolean;
  error: unknown;
  /** What has the focus first; else the field that asks for it. */
  initialFocus?: RefObject<HTMLElement | null>;
  testId: string;
  sendTestId: string;
  /** Something is another than it was. */
  onInput: () => void;
  onSubmit: (data: FormData) => void;
  onClose: () => void;
}

/** A form over the window, sent by its button or its key. */
export function FormDialog(props: FormDialogProps) {
  const { title, text, children, label, busy, error, initialFocus, onInput, onClose } = props;
  const send = (form: HTMLFormElement) => {
    if (!busy) props.onSubmit(new FormData(form));
  };
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup
          className={cx(dialog.popup, dialog.wide)}
          {...(initialFocus === undefined ? {} : { initialFocus })}
          data-testid={props.testId}
        >
          <Dialog.Title className={dialog.title}>{title}</Dialog.Title>
          <Dialog.Description className={dialog.text}>{text}</Dialog.Description>
          <form
            className={dialog.form}
            noValidate
            onInput={onInput}
            onKeyDown={(event) => {
              if (!isKey(event.nativeEvent, "act.send")) return;
              event.preventDefault();
              send(event.currentTarget);
            }}
            onSubmit={(event) => {
              event.preventDefault();
              send(event.currentTarget);
            }}
          >
            {error != null && <ErrorMessage error={error} />}
            {children}
            <FormFoot
              busy={busy}
              label={label}
              testId={props.sendTestId}
              edge="dialog"
              onCancel={onClose}
            />
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
