import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ImportDirection, ImportTable } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { useExport } from "../../shared/useExport";
import page from "../../views/Page.module.css";
import css from "./Importing.module.css";

const DIRECTIONS: readonly ImportDirection[] = ["incoming", "outgoing"];

/** The table and the folder with its files; nothing is written by choosing them. */
export function TableChoice({ table, busy }: { table: ImportTable | null; busy: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const choose = useMutation({
    mutationFn: (what: "table" | "folder") =>
      what === "table" ? host().importChooseTable() : host().importChooseFolder(),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync", "import_state"] }),
  });
  const sample = useExport((direction: ImportDirection) =>
    host().call("import_sample", { direction }),
  );
  const pending = busy || choose.isPending;
  const samples = DIRECTIONS.map((direction) => (
    <Button
      key={direction}
      tone="quiet"
      icon="download"
      onClick={() => sample.mutate(direction)}
      data-testid={`import-sample-${direction}`}
    >
      {t(`import.sample.${direction}`)}
    </Button>
  ));
  const error = choose.error ?? sample.error;
  return (
    <section className={page.group} aria-label={t("import.step.table")}>
      <h2 className={page.groupTitle}>{t("import.step.table")}</h2>
      {table === null ? (
        <Empty icon="folder" title={t("import.empty.title")} text={t("import.empty.text")}>
          <Button
            tone="main"
            icon="upload"
            disabled={pending}
            onClick={() => choose.mutate("table")}
            data-testid="import-choose-table"
          >
            {t("import.chooseTable")}
          </Button>
          {samples}
        </Empty>
      ) : (
        <div className={css.chosen}>
          <p className={css.name} data-testid="import-table">
            {t("import.rows", { name: table.name, count: table.rows })}
          </p>
          <p className={page.quiet} data-testid="import-folder">
            {table.folder_files === null
              ? t("import.noFolder")
              : t("import.folder", { count: table.folder_files })}
          </p>
          <div className={css.acts}>
            <Button
              icon="upload"
              disabled={pending}
              onClick={() => choose.mutate("table")}
              data-testid="import-choose-table"
            >
              {t("import.chooseOther")}
            </Button>
            <Button
              icon="folder"
              disabled={pending}
              onClick={() => choose.mutate("folder")}
              data-testid="import-choose-folder"
            >
              {t("import.chooseFolder")}
            </Button>
          </div>
        </div>
      )}
      {error !== null && <ErrorMessage error={error} />}
    </section>
  );
}
