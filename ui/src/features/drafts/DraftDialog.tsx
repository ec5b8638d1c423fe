import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail, DocumentRelation } from "../../generated/types";
import { type Args, host } from "../../platform";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { useNotice } from "../../shared/Toasts";
import { showDay } from "../intake/days";
import { DraftFields } from "./DraftFields";
import css from "./Drafts.module.css";
import { type DraftValue, fieldsOf, NO_DRAFT, presentOf } from "./fields";
import { useDraftForm } from "./useDraftForm";

/** Where what is filled in is kept until the draft is made. */
const KEY = "draft.document";

/** A draft that corrects or replaces an issued document. */
export interface AboutDraft {
  detail: DocumentDetail;
  relation: DocumentRelation;
}

interface DraftDialogProps {
  open: boolean;
  /** What the draft corrects or replaces. */
  about: AboutDraft | null;
  onClose: () => void;
  /** The draft is on this machine. */
  onDrafted: (document: string) => void;
}

/** Makes a draft of a PDF: with the network down too. What was filled in outlives the dialog. */
export function DraftDialog({ open, about, onClose, onDrafted }: DraftDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, css.popup)} data-testid="draft-dialog">
          <Form about={about} onClose={onClose} onDrafted={onDrafted} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What is filled in already of a draft about another document. */
function begun({ detail, relation }: AboutDraft, t: TFunction): DraftValue {
  const { row } = detail;
  const title = row.notation ?? row.subject;
  if (relation === "replacement") {
    const symbol = row.notation?.split("/").slice(1).join("/") ?? "";
    return { ...presentOf(row, symbol), urgency: "normal" };
  }
  return {
    ...NO_DRAFT,
    kind: t("copies.letter"),
    subject: t("copies.correctSubject", {
      title,
      day: row.issued_on === null ? "" : showDay(row.issued_on),
    }),
  };
}

function Form({ about, onClose, onDrafted }: Omit<DraftDialogProps, "open">) {
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
  // What was begun about one document is not what was begun about another.
  const key = about === null ? KEY : `${KEY}.${about.relation}.${about.detail.row.id}`;
  const [empty] = useState(() => (about === null ? NO_DRAFT : begun(about, t)));
  const form = useDraftForm(key, empty, create.error, (value) => {
    if (create.isPending) return;
    create.reset();
    if (value.file === null) return form.refuse("file");
    create.mutate({
      fields: fieldsOf(value),
      file: value.file,
      ...(about !== null && {
        about: { document: about.detail.row.id, relation: about.relation },
      }),
    });
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
      <Dialog.Title className={dialog.title}>
        {about === null
          ? t("draft.title")
          : t(about.relation === "correction" ? "copies.correct" : "copies.replace")}
      </Dialog.Title>
      <Dialog.Description className={css.quiet}>
        {about === null
          ? t("draft.what")
          : t(
              `copies.draftWhat.${about.relation === "correction" ? "correction" : "replacement"}`,
              {
                title: about.detail.row.notation ?? about.detail.row.subject,
              },
            )}
      </Dialog.Description>
      {form.error !== null && <ErrorMessage error={form.error} />}
      <DraftFields form={form} choose={t("draft.choose")} without={t("draft.noFile")} />
      <FormFoot
        edge="dialog"
        kept={form.kept}
        busy={create.isPending}
        label={t("draft.save")}
        icon="save"
        testId="draft-save"
        onCancel={onClose}
      />
    </form>
  );
}
