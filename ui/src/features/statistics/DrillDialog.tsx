import { Dialog } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CountedPage, CountedQuery } from "../../generated/types";
import { type CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDay } from "../../shared/format";
import { IconButton } from "../../shared/IconButton";
import { wordName } from "../intake/kinds";
import css from "./Statistics.module.css";

const PAGE = 50;

interface DrillDialogProps {
  title: string;
  query: Omit<CountedQuery, "offset" | "limit">;
  onOpenDocument: (id: string, direction: string) => void;
  onClose: () => void;
}

/** The documents behind a number, each of which opens where it stands. */
export function DrillDialog({ title, query, onOpenDocument, onClose }: DrillDialogProps) {
  const { t } = useTranslation();
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery<CountedPage, CommandError>({
    queryKey: ["statistics", "documents", query, offset],
    queryFn: () => host().call("statistics_documents", { ...query, offset, limit: PAGE }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const total = data?.total ?? 0;
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, css.drill)} data-testid="statistics-drill">
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{title}</Dialog.Title>
            <Dialog.Close
              render={<IconButton icon="close" label={t("app.close")} />}
              data-testid="statistics-drill-close"
            />
          </div>
          <Dialog.Description className={css.note} data-testid="statistics-drill-count">
            {t("statistics.count", { count: total })}
          </Dialog.Description>
          {error !== null && <ErrorMessage error={error} />}
          <div className={css.scroll}>
            <table className={css.table}>
              <thead>
                <tr>
                  <th scope="col">{t("statistics.drill.day")}</th>
                  <th scope="col">{t("statistics.drill.notation")}</th>
                  <th scope="col">{t("statistics.drill.issuer")}</th>
                  <th scope="col">{t("statistics.drill.subject")}</th>
                  <th scope="col">{t("statistics.drill.due")}</th>
                </tr>
              </thead>
              <tbody>
                {data?.rows.map((row) => (
                  <tr key={row.id} data-testid="statistics-document" data-id={row.id}>
                    <td className={css.day}>{formatDay(row.day)}</td>
                    <td>{row.notation === "" ? t("statistics.drill.noNotation") : row.notation}</td>
                    <td>{row.issuer}</td>
                    <th scope="row" className={css.subject}>
                      {row.here ? (
                        <button
                          type="button"
                          className={css.link}
                          onClick={() => onOpenDocument(row.id, row.direction)}
                        >
                          {wordName(row.kind)}: {row.subject}
                        </button>
                      ) : (
                        <>
                          {wordName(row.kind)}: {row.subject} ({t("statistics.drill.notHere")})
                        </>
                      )}
                    </th>
                    <td className={css.day}>{row.due === null ? "–" : formatDay(row.due)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {total > PAGE && (
            <div className={dialog.acts}>
              <span className={css.note}>
                {t("statistics.drill.part", {
                  from: offset + 1,
                  to: Math.min(offset + PAGE, total),
                  total,
                })}
              </span>
              <Button
                icon="chevronLeft"
                disabled={offset === 0}
                onClick={() => setOffset(offset - PAGE)}
              >
                {t("statistics.drill.before")}
              </Button>
              <Button
                icon="chevronRight"
                disabled={offset + PAGE >= total}
                onClick={() => setOffset(offset + PAGE)}
                data-testid="statistics-drill-next"
              >
                {t("statistics.drill.next")}
              </Button>
            </div>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
