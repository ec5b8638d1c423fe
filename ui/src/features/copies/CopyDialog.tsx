import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { CopyOffer, DocumentDetail, DocumentRelation } from "../../generated/types";
import { isKey } from "../../keymap";
import { type Args, CommandError, host } from "../../platform";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import box from "../../shared/SuggestField.module.css";
import { useNotice } from "../../shared/Toasts";
import css from "./Copies.module.css";
import { readPages, writePages } from "./pages";

interface CopyDialogProps {
  detail: DocumentDetail;
  onClose: () => void;
  /** The copy is on this machine. */
  onMade: (document: string) => void;
}

const FORMS = ["true_copy", "copy_of_copy", "extract"] as const;
type CopyForm = (typeof FORMS)[number];
const ABBREVIATIONS: Record<CopyForm, string> = {
  true_copy: "SY",
  copy_of_copy: "SL",
  extract: "TrS",
};

function isForm(relation: DocumentRelation): relation is CopyForm {
  return FORMS.some((one) => one === relation);
}

/** Makes a copy of a document: with the network down too, and without a number until the server gives
 * it. */
export function CopyDialog({ detail, onClose, onMade }: CopyDialogProps) {
  const { data: offer, error } = useRead("documents", "copy_offer", { id: detail.row.id });
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, css.popup)} data-testid="copy-dialog">
          {error !== null && <ErrorMessage error={error} />}
          {offer !== undefined && (
            <Form detail={detail} offer={offer} onClose={onClose} onMade={onMade} />
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ detail, offer, onClose, onMade }: CopyDialogProps & { offer: CopyOffer }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const id = useId();
  const root = useRef<HTMLFormElement>(null);
  const forms = offer.copies.filter(isForm);
  const main = detail.files.find((file) => file.role === "main") ?? detail.files[0];
  const { data: opened } = useRead(
    "file",
    "file_open",
    { sha256: main?.head ?? "" },
    { enabled: main?.place === "here" },
  );
  const count = opened?.pages.length ?? 0;
  const [form, setForm] = useState<CopyForm>(forms[0] ?? "true_copy");
  const [agency, setAgency] = useState(offer.agency);
  const [typed, setTyped] = useState("");
  const [leftOut, setLeftOut] = useState("");
  const [tried, setTried] = useState(false);
  const pages = readPages(typed, count);
  const isExtract = form === "extract";
  const make = useMutation({
    mutationFn: (args: Args<"copy_make">) => host().call("copy_make", args),
    onSuccess: ({ document }) => {
      notice(t("copies.made"), t("copies.madeText"));
      void client.invalidateQueries({ queryKey: ["documents"] });
      void client.invalidateQueries({ queryKey: ["sync"] });
      onMade(document);
    },
  });
  const problems = {
    symbol: tried && agency.trim() === "" ? t("copies.problem.symbol") : undefined,
    pages:
      tried && isExtract && (pages === null || pages.length === 0)
        ? t("copies.problem.pages", { count })
        : undefined,
    leftOut: tried && isExtract && leftOut.trim() === "" ? t("copies.problem.leftOut") : undefined,
  };
  const submit = () => {
    if (make.isPending) return;
    setTried(true);
    const isWhole = !isExtract || (pages !== null && pages.length > 0 && leftOut.trim() !== "");
    if (agency.trim() === "" || !isWhole) return;
    make.mutate({
      source: detail.row.id,
      relation: form,
      agency: agency.trim(),
      pages: isExtract ? (pages ?? []) : [],
      left_out: isExtract ? leftOut.trim() : "",
    });
  };
  const toggle = (page: number) => {
    const now = new Set(pages ?? []);
    if (!now.delete(page)) now.add(page);
    setTyped(writePages([...now].sort((a, b) => a - b)));
  };
  return (
    <form
      ref={root}
      className={css.form}
      noValidate
      onKeyDownCapture={(event) => {
        if (!isKey(event.nativeEvent, "act.send")) return;
        event.preventDefault();
        event.stopPropagation();
        if (!event.nativeEvent.repeat) submit();
      }}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      data-testid="copy-form"
    >
      <Dialog.Title className={dialog.title}>{t("copies.make")}</Dialog.Title>
      <Dialog.Description className={css.quiet}>
        {t("copies.what", { title: detail.row.notation ?? detail.row.subject })}
      </Dialog.Description>
      {make.error !== null && <ErrorMessage error={CommandError.from(make.error)} />}
      <fieldset className={css.forms}>
        <legend className={box.label}>{t("copies.form")}</legend>
        {forms.map((one) => (
          <label key={one} className={css.choice} data-chosen={one === form}>
            <input
              type="radio"
              name={`${id}-form`}
              value={one}
              checked={one === form}
              onChange={() => setForm(one)}
              data-testid={`copy-form-${one}`}
            />
            <span className={css.words}>
              <span className={css.name}>{t(`copies.name.${one}`)}</span>
              <span className={css.quiet}>{t(`copies.meaning.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {offer.is_electronic && form === "true_copy" && (
        <p className={css.quiet} data-testid="copy-electronic">
          {t("copies.electronic")}
        </p>
      )}
      <div>
        <label className={box.label} htmlFor={`${id}-symbol`}>
          {t("copies.symbol")}
        </label>
        <div className={css.symbol}>
          <span aria-hidden="true">…/{ABBREVIATIONS[form]}-</span>
          <input
            id={`${id}-symbol`}
            className={cx(box.input, problems.symbol !== undefined && box.wrong)}
            value={agency}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problems.symbol !== undefined}
            aria-describedby={`${id}-symbol-note`}
            onChange={(event) => setAgency(event.target.value)}
            data-testid="copy-symbol"
          />
        </div>
        <Note id={`${id}-symbol-note`} problem={problems.symbol} note={t("copies.symbolNote")} />
      </div>
      {isExtract && main !== undefined && (
        <>
          <div>
            <label className={box.label} htmlFor={`${id}-pages`}>
              {t("copies.pages")}
            </label>
            <input
              id={`${id}-pages`}
              className={cx(box.input, problems.pages !== undefined && box.wrong)}
              value={typed}
              autoComplete="off"
              inputMode="numeric"
              placeholder={t("copies.pagesHint")}
              aria-invalid={problems.pages !== undefined}
              aria-describedby={`${id}-pages-note`}
              onChange={(event) => setTyped(event.target.value)}
              data-testid="copy-pages"
            />
            <Note
              id={`${id}-pages-note`}
              problem={problems.pages}
              note={t("copies.pagesNote", { count })}
            />
            <fieldset className={css.sheets} aria-label={t("copies.sheets")}>
              {Array.from({ length: count }, (_, index) => index + 1).map((page) => (
                <button
                  key={page}
                  type="button"
                  className={css.sheet}
                  aria-pressed={pages?.includes(page) ?? false}
                  aria-label={t("copies.sheet", { page })}
                  onClick={() => toggle(page)}
                  data-testid={`copy-sheet-${page}`}
                >
                  <img src={host().pageUrl(main.head, page - 1, 144)} alt="" loading="lazy" />
                  <span>{page}</span>
                </button>
              ))}
            </fieldset>
          </div>
          <div>
            <label className={box.label} htmlFor={`${id}-left`}>
              {t("copies.leftOut")}
            </label>
            <textarea
              id={`${id}-left`}
              rows={2}
              maxLength={500}
              className={cx(box.input, problems.leftOut !== undefined && box.wrong)}
              value={leftOut}
              spellCheck={false}
              placeholder={t("copies.leftOutHint")}
              aria-invalid={problems.leftOut !== undefined}
              aria-describedby={`${id}-left-note`}
              onChange={(event) => setLeftOut(event.target.value)}
              data-testid="copy-left-out"
            />
            <Note id={`${id}-left-note`} problem={problems.leftOut} note="" />
          </div>
        </>
      )}
      <FormFoot
        edge="dialog"
        busy={make.isPending}
        label={t("copies.save")}
        icon="copy"
        testId="copy-save"
        onCancel={onClose}
      />
    </form>
  );
}

function Note({ id, problem, note }: { id: string; problem: string | undefined; note: string }) {
  return problem === undefined ? (
    <p id={id} className={css.quiet}>
      {note}
    </p>
  ) : (
    <p id={id} className={box.problem} data-testid="field-problem">
      {problem}
    </p>
  );
}
