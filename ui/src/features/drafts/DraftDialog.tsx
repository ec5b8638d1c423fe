import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import { type Args, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { useNotice } from "../../shared/Toasts";
import { DraftFields } from "./DraftFields";
import css from "./Drafts.module.css";
import { fieldsOf, NO_DRAFT } from "./fields";
import { useDraftForm } from "./useDraftForm";

/** Where what is filled in is kept until the draft is made. */
const KEY = "draft.document";

interface DraftDialogProps {
  open: boolean;
  onClose: () => void;
  /** The draft is on this machine. */
  onDrafted: (document: string) => void;
}

/** Makes a draft of a PDF: with the network down too. What was filled in outlives the dialog. */
export function DraftDialog({ open, onClose, onDrafted }: DraftDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, css.popup)} data-testid="draft-dialog">
          <Form onClose={onClose} onDrafted={onDrafted} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ onClose, onDrafted }: Omit<DraftDialogProps, "open">) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const create = useMutation({
    mutationFn: (args: Args<"draft_create">) => host().call("draft_create", args),
    onSuccess: ({ document }, { fields }) => {
      form.clear();
      notice(t("draft.made"), t("draft.madeText", { subject: fields.subject }));
      void client.invalidateQueries({ queryKey: ["documents"] });
      void client.invalidateQueries({ queryKey: ["sync"] });
      onDrafted(document);
    },
  });
  const form = useDraftForm(KEY, NO_DRAFT, create.error, (value) => {
    if (create.isPending) return;
    create.reset();
    if (value.file === null) return form.refuse("file");
    create.mutate({ fields: fieldsOf(value), file: value.file });
  });
  return (
    <form
      ref={form.root}
      className={css.form}
      noValidate
      onKeyDownCapture={form.onKeyDownCapture}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
      data-testid="draft-form"
    >
      <Dialog.Title className={dialog.title}>{t("draft.title")}</Dialog.Title>
      <Dialog.Description className={css.quiet}>{t("draft.what")}</Dialog.Description>
      {form.error !== null && <ErrorMessage error={form.error} />}
      <DraftFields form={form} choose={t("draft.choose")} without={t("draft.noFile")} />
      <div className={css.foot}>
        <span className={css.kept}>{form.kept ? t("opinions.draftKept") : ""}</span>
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button
          tone="main"
          type="submit"
          icon="save"
          shortcut={keyLabel("act.send")}
          aria-busy={create.isPending}
          data-testid="draft-save"
        >
          {t(create.isPending ? "act.saving" : "draft.save")}
        </Button>
      </div>
    </form>
  );
}
