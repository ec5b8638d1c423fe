import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { isKey } from "../../keymap";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { draftKeyOf } from "../handling/draft";
import type { Acting } from "../handling/useHandling";
import { WordsField } from "../handling/WordsField";
import { DraftFields } from "./DraftFields";
import css from "./Drafts.module.css";
import { changedFields, presentOf } from "./fields";
import { useDraftForm } from "./useDraftForm";

interface ReviseFormProps {
  detail: DocumentDetail;
  acting: Acting;
}

/** A new version of a draft, what stands on it, or both, and what has changed. */
export function ReviseForm({ detail, acting }: ReviseFormProps) {
  const { t } = useTranslation();
  const present = presentOf(detail.row, acting.handling?.outgoing?.symbol ?? "");
  const form = useDraftForm(draftKeyOf(detail.row.id, "revise"), present, acting.error, (value) => {
    if (acting.busy) return;
    const fields = changedFields(value, present);
    const text = value.text.trim();
    void acting.submit({ act: "revise", file: value.file, fields, text }).then((done) => {
      if (done) form.clear();
    });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || !isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    acting.close();
  };
  return (
    <form
      ref={form.root}
      className={css.form}
      data-narrow=""
      noValidate
      onKeyDownCapture={form.onKeyDownCapture}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
      data-testid="act-form-revise"
    >
      {form.error !== null && <ErrorMessage error={form.error} />}
      <DraftFields form={form} choose={t("draft.chooseNew")} without={t("draft.sameFile")} />
      <WordsField
        label={t("draft.changes")}
        defaultValue={form.value.text}
        rows={3}
        onInput={(text) => form.change({ text })}
        onBlur={form.keep}
        problem={form.problem("text")}
        phrases={null}
        facts={{}}
      />
      <FormFoot
        edge="panel"
        kept={form.kept}
        busy={acting.busy}
        label={t("act.do.revise")}
        onCancel={acting.close}
      />
    </form>
  );
}
