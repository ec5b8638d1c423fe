import { Dialog } from "@base-ui/react/dialog";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PageSize } from "../../generated/types";
import { Button } from "../../shared/Button";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { TextField } from "../../shared/TextField";
import { PrintSheets } from "./PrintSheets";
import { MOST_PAGES, pageRange, type RangeFault } from "./printing";
import { usePrint } from "./usePrint";

interface PrintDialogProps {
  open: boolean;
  onClose: () => void;
  document: string;
  sha256: string;
  pages: readonly PageSize[];
  /** The page that is read, from 0. */
  current: number;
}

/** Which pages are printed, and what the paper will say of itself. */
export function PrintDialog(props: PrintDialogProps) {
  const { open, onClose, document, sha256, pages, current } = props;
  const { t } = useTranslation();
  const print = usePrint(document, sha256);
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<RangeFault | null>(null);
  const { stage } = print;
  const count = pages.length;

  const close = () => {
    print.stop();
    setFault(null);
    onClose();
  };
  const start = (typed: string) => {
    const range = pageRange(typed, count);
    setFault(typeof range === "string" ? range : null);
    if (typeof range === "string") field.current?.focus();
    else void print.start(range);
  };
  const all = count === 1 ? "1" : `1-${Math.min(count, MOST_PAGES)}`;
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} data-testid="print-dialog">
          <Dialog.Title className={dialog.title}>{t("print.title")}</Dialog.Title>
          <Dialog.Description>{t("print.text")}</Dialog.Description>
          {print.error !== null && <ErrorMessage error={print.error} />}
          {stage.at === "choosing" && (
            <TextField
              ref={field}
              label={t("print.pages", { count })}
              defaultValue={all}
              problem={
                fault === null ? undefined : t(`print.fault.${fault}`, { count, most: MOST_PAGES })
              }
              onKeyDown={(event) => {
                if (event.key === "Enter") {
                  start(event.currentTarget.value);
                }
              }}
              data-testid="print-pages"
            />
          )}
          <p role="status" data-testid="print-stage">
            {stage.at === "preparing" &&
              t("print.preparing", { ready: stage.ready, count: stage.count })}
            {stage.at === "given" && t("print.given")}
          </p>
          <div className={dialog.acts}>
            <Button onClick={close}>{t(stage.at === "given" ? "app.close" : "app.cancel")}</Button>
            {stage.at === "choosing" && count > 1 && (
              <Button onClick={() => start(String(current + 1))} data-testid="print-current">
                {t("print.current", { page: current + 1 })}
              </Button>
            )}
            {stage.at === "choosing" && (
              <Button
                tone="main"
                icon="print"
                onClick={() => start(field.current?.value ?? "")}
                data-testid="print-start"
              >
                {t("print.start")}
              </Button>
            )}
            {stage.at === "given" && (
              <Button onClick={() => print.again(stage.job)}>{t("print.again")}</Button>
            )}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
      {stage.at !== "choosing" && (
        <PrintSheets
          job={stage.job}
          pages={pages}
          onReady={print.onReady}
          onFailed={print.onFailed}
        />
      )}
    </Dialog.Root>
  );
}
