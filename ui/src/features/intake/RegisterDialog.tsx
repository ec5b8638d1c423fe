import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BookDto } from "../../generated/types";
import { isKey, keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import box from "../../shared/SuggestField.module.css";
import { parseDay, showDay, todayHere } from "./days";
import css from "./RegisterDialog.module.css";
import { type KnownLine, RegisterReportView } from "./RegisterReportView";
import type { Register } from "./useRegister";

interface RegisterDialogProps {
  open: boolean;
  /** How many letters are confirmed. */
  count: number;
  register: Register;
  /** What came over the axis, by document: without scans that are stamped and signed. */
  known?: ReadonlyMap<string, KnownLine> | undefined;
  onClose: () => void;
  onSeal: () => void;
}

/** One act for all that is chosen: what holds for all, then the report with their numbers. */
export function RegisterDialog(props: RegisterDialogProps) {
  const { open, count, register, known, onClose, onSeal } = props;
  const { t } = useTranslation();
  const { run } = register;
  const close = () => {
    if (run.isPending) return;
    run.reset();
    onClose();
  };
  const report = run.data;
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, css.popup)} data-testid="register-dialog">
          {report === undefined ? (
            <Setup count={count} register={register} known={known} onClose={close} />
          ) : (
            <>
              <Dialog.Title className={dialog.title}>{t("register.done")}</Dialog.Title>
              <RegisterReportView
                report={report}
                known={known}
                onClose={close}
                onSeal={() => {
                  close();
                  onSeal();
                }}
              />
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Setup({
  count,
  register,
  known,
  onClose,
}: Pick<RegisterDialogProps, "count" | "register" | "known" | "onClose">) {
  const { t } = useTranslation();
  const id = useId();
  const { options, values, change, run } = register;
  const day = useRef<HTMLInputElement>(null);
  const [wrongDay, setWrongDay] = useState(false);
  const book = options?.books.find((each) => each.book === values.book);
  const ready = count > 0 && book !== undefined && !run.isPending;
  const start = () => {
    const received = parseDay(day.current?.value ?? "", todayHere());
    if (received === null) {
      setWrongDay(true);
      day.current?.focus();
      return;
    }
    if (ready) run.mutate({ ...values, received_on: received });
  };
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const inBox = event.target instanceof Element && event.target.matches("input, select");
    if (!(isKey(key, "main") || (inBox && event.key === "Enter"))) return;
    event.preventDefault();
    start();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields inside.
    <div className={css.setup} onKeyDown={onKey}>
      <Dialog.Title className={dialog.title}>
        {count === 0 ? t("register.titleNone") : t("register.title", { count })}
      </Dialog.Title>
      <Dialog.Description className={css.quiet}>{t("register.what")}</Dialog.Description>
      {run.error !== null && <ErrorMessage error={run.error} />}
      {register.error != null && <ErrorMessage error={register.error} />}
      <div className={css.grid}>
        <div>
          <label className={box.label} htmlFor={`${id}-book`}>
            {t("register.book")}
          </label>
          <select
            id={`${id}-book`}
            className={box.input}
            value={values.book}
            onChange={(event) => change({ book: event.target.value })}
            data-testid="register-book"
          >
            {options?.books.map((each) => (
              <option key={`${each.book} ${each.year}`} value={each.book}>
                {each.name} {each.year}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label className={box.label} htmlFor={`${id}-day`}>
            {t("register.received")}
          </label>
          <input
            ref={day}
            id={`${id}-day`}
            className={cx(box.input, wrongDay && box.wrong)}
            defaultValue={showDay(values.received_on)}
            autoComplete="off"
            aria-invalid={wrongDay}
            onInput={() => setWrongDay(false)}
            onBlur={(event) => {
              const received = parseDay(event.target.value, todayHere());
              setWrongDay(received === null);
              if (received === null) return;
              event.target.value = showDay(received || todayHere());
              change({ received_on: received || todayHere() });
            }}
            data-testid="register-day"
          />
          {wrongDay && <p className={box.problem}>{t("intake.wrong.issued_on")}</p>}
        </div>
        <div className={css.wide}>
          <label className={box.label} htmlFor={`${id}-leader`}>
            {t("register.presentTo")}
          </label>
          <select
            id={`${id}-leader`}
            className={box.input}
            value={values.present_to ?? ""}
            onChange={(event) => change({ present_to: event.target.value || null })}
            data-testid="register-leader"
          >
            <option value="">{t("register.nobody")}</option>
            {options?.leaders.map((leader) => (
              <option key={leader.account} value={leader.account}>
                {leader.name} · {leader.position}
              </option>
            ))}
          </select>
        </div>
      </div>
      {known === undefined && (
        <div className={css.checks}>
          {(["stamp", "sign"] as const).map((what) => (
            <label key={what} className={css.check}>
              <input
                type="checkbox"
                checked={values[what]}
                onChange={(event) => change({ [what]: event.target.checked })}
                data-testid={`register-${what}`}
              />
              <span>
                {t(`register.${what}`)}
                <small>{t(`register.${what}Note`)}</small>
              </span>
            </label>
          ))}
        </div>
      )}
      {book !== undefined && <NumberPromise book={book} count={count} />}
      <div className={dialog.acts}>
        <Button onClick={onClose}>{t(count === 0 ? "app.close" : "app.cancel")}</Button>
        <Button
          tone="main"
          icon="book"
          shortcut={keyLabel("main")}
          disabled={!ready}
          onClick={start}
          data-testid="register-start"
        >
          {run.isPending ? t("register.working") : t("register.start", { count })}
        </Button>
      </div>
    </div>
  );
}

/** Where the numbers will come from, before anything happens. */
function NumberPromise({ book, count }: { book: BookDto; count: number }) {
  const { t } = useTranslation();
  const lease = book.leased;
  const left = lease === null || lease.stopped ? 0 : lease.hi - lease.next + 1;
  const words =
    book.held_by !== null
      ? t("register.heldBy", { holder: book.held_by })
      : left >= count && lease !== null
        ? t("register.fromLease", { from: lease.next, to: lease.next + count - 1 })
        : left > 0
          ? t("register.partLease", { left, rest: count - left })
          : t("register.fromServer");
  return (
    <p className={css.promise} data-testid="register-promise">
      <Icon name="info" />
      {words}
    </p>
  );
}
