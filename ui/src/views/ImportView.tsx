import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf, useRead } from "../api/query";
import { Check } from "../features/importing/Check";
import { Columns } from "../features/importing/Columns";
import css from "../features/importing/Importing.module.css";
import { TableChoice } from "../features/importing/TableChoice";
import { Work } from "../features/importing/Work";
import type { ImportState, ImportTable } from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import { useExport } from "../shared/useExport";
import page from "./Page.module.css";

/** How often what is under way is looked at, in milliseconds. */
const LOOK = 500;

/** Nhập dữ liệu cũ: a previous system's registers and files, in four steps. */
export function ImportView({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const state = useRead("sync", "import_state", {});
  const under = state.data?.table?.progress ?? null;
  useRead("sync", "import_state", {}, { refetchInterval: under !== null && LOOK });
  const begin = useMutation({
    mutationFn: (step: "import_judge" | "import_start") => host().call(step, {}),
    onSuccess: (next) => client.setQueryData(keyOf("sync", "import_state", {}), next),
  });
  const again = () => void client.invalidateQueries({ queryKey: ["sync", "import_state"] });
  const table = state.data?.table ?? null;
  const busy = under !== null || begin.isPending;
  return (
    <main className={page.page} data-testid="import">
      <div className={page.column}>
        <header className={page.head}>
          <div>
            <h1 className={page.title}>{t("import.title")}</h1>
            <p className={page.quiet}>{t("import.why")}</p>
          </div>
          <Button tone="quiet" icon="chevronLeft" onClick={onBack} data-testid="import-back">
            {t("nav.sync")}
          </Button>
        </header>
        {state.error !== null && <ErrorMessage error={state.error} />}
        {state.data?.clerk === false && (
          <Empty icon="user" title={t("import.notClerk.title")} text={t("import.notClerk.text")} />
        )}
        {state.data?.clerk === true && <TableChoice table={table} busy={busy} />}
        {state.data?.clerk === true && table !== null && (
          <>
            <Columns state={state.data} table={table} busy={busy} />
            <section className={page.group} aria-label={t("import.step.check")}>
              <h2 className={page.groupTitle}>{t("import.step.check")}</h2>
              {table.judged !== null && <Check found={table.judged} />}
              {under !== null && !under.importing ? (
                <Work progress={under} rows={table.rows} onChanged={again} />
              ) : (
                <div className={css.acts}>
                  <Button
                    tone={table.judged === null ? "main" : "plain"}
                    icon="check"
                    disabled={busy || table.missing.length > 0}
                    onClick={() => begin.mutate("import_judge")}
                    data-testid="import-check"
                  >
                    {t(table.judged === null ? "import.check" : "import.checkAgain")}
                  </Button>
                </div>
              )}
            </section>
            <TakeOver
              state={state.data}
              table={table}
              busy={busy}
              onStart={() => begin.mutate("import_start")}
              onChanged={again}
            />
          </>
        )}
        {begin.error !== null && <ErrorMessage error={begin.error} />}
      </div>
    </main>
  );
}

interface TakeOverProps {
  state: ImportState;
  table: ImportTable;
  busy: boolean;
  onStart: () => void;
  onChanged: () => void;
}

/** The last step: rows go into the outbox, what became of them, and those that did not go. */
function TakeOver({ state, table, busy, onStart, onChanged }: TakeOverProps) {
  const { t } = useTranslation();
  const report = useExport(() => host().call("import_report", {}));
  const { judged, taken, progress } = table;
  if (judged === null) return null;
  const toTake = judged.good + judged.more_files;
  const left = judged.refused + table.refused;
  // The rest goes by a new check, which leaves out what is here.
  const isDone = taken !== null && !taken.stopped;
  const waits = state.waiting_rows + state.waiting_files > 0;
  return (
    <section className={page.group} aria-label={t("import.step.take")}>
      <h2 className={page.groupTitle}>{t("import.step.take")}</h2>
      {progress?.importing === true ? (
        <Work progress={progress} rows={table.rows} onChanged={onChanged} />
      ) : (
        <div className={css.acts}>
          {toTake > 0 && !isDone && (
            <Button
              tone="main"
              icon="upload"
              disabled={busy}
              onClick={onStart}
              data-testid="import-start"
            >
              {judged.good > 0 ? t("import.take", { count: judged.good }) : t("import.takeFiles")}
            </Button>
          )}
          {toTake === 0 && <p className={page.quiet}>{t("import.nothing")}</p>}
          {left > 0 && (
            <Button
              icon="download"
              disabled={busy || report.isPending}
              onClick={() => report.mutate(undefined)}
              data-testid="import-report"
            >
              {t("import.report")}
            </Button>
          )}
        </div>
      )}
      {left > 0 && <p className={page.quiet}>{t("import.reportHint")}</p>}
      {report.error !== null && <ErrorMessage error={report.error} />}
      <div role="status">
        {taken !== null && (
          <div
            className={css.result}
            data-stopped={taken.stopped || undefined}
            data-testid="import-result"
          >
            <p>
              {t(taken.stopped ? "import.taken.stopped" : "import.taken.done", {
                count: taken.rows,
              })}
            </p>
            {taken.files > 0 && <p>{t("import.taken.files", { count: taken.files })}</p>}
            {taken.lost_files > 0 && <p>{t("import.taken.lost", { count: taken.lost_files })}</p>}
            {taken.disk_full && <p>{t("import.taken.full")}</p>}
            {table.refused > 0 && <p>{t("import.taken.refused", { count: table.refused })}</p>}
            <p data-testid="import-waiting" data-waits={waits || undefined}>
              {waits
                ? t("import.waiting", { rows: state.waiting_rows, files: state.waiting_files })
                : t("import.arrived")}
            </p>
          </div>
        )}
      </div>
    </section>
  );
}
