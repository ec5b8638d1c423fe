import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import type { PageSize, PrintMark } from "../../generated/types";
import { host } from "../../platform";
import { cx } from "../../shared/cx";
import { formatDateTime } from "../../shared/format";
import css from "./PrintSheets.module.css";
import { fileMark, type PageRange, printWidth } from "./printing";

/** What goes to the printer. */
export interface PrintJob {
  sha256: string;
  mark: PrintMark;
  range: PageRange;
}

interface PrintSheetsProps {
  job: PrintJob;
  pages: readonly PageSize[];
  /** A page's picture is there. */
  onReady: (page: number) => void;
  onFailed: (page: number) => void;
}

/** The sheets that the system's print dialog takes: each a page's picture over the mark that says
 * what the paper is. Only the printer sees them. */
export function PrintSheets({ job, pages, onReady, onFailed }: PrintSheetsProps) {
  const { i18n } = useTranslation();
  // What stands on an office's paper is Vietnamese, in whatever language the desk speaks.
  const t = i18n.getFixedT("vi");
  const { mark, range, sha256 } = job;
  const chosen = pages.slice(range.first, range.last + 1);
  const what =
    mark.notation === null
      ? t("print.mark.what")
      : t("print.mark.whatOf", { notation: mark.notation });
  return createPortal(
    <div className={css.sheets} aria-hidden="true" data-print-sheets="" data-testid="print-sheets">
      {chosen.map((size, i) => {
        const page = range.first + i;
        return (
          <div key={page} className={css.sheet}>
            <img
              src={host().pageUrl(sha256, page, printWidth(size))}
              alt=""
              className={cx(css.picture, size.width_mm > size.height_mm && css.lying)}
              onLoad={() => onReady(page)}
              onError={() => onFailed(page)}
            />
            <div className={css.mark}>
              <p>
                <span>{what}</span>
                <span>{t("print.mark.page", { page: page + 1, count: pages.length })}</span>
              </p>
              <p>
                <span>
                  {t("print.mark.who", {
                    by: mark.by,
                    unit: mark.unit,
                    at: formatDateTime(mark.at),
                  })}
                </span>
                <span>{t("print.mark.file", { code: fileMark(mark.sha256) })}</span>
              </p>
            </div>
          </div>
        );
      })}
    </div>,
    document.body,
  );
}
