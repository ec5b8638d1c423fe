import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf, useRead } from "../../api/query";
import type { ScanSources } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon, type IconName } from "../../shared/icons/Icon";
import { TextField } from "../../shared/TextField";
import { useExport } from "../../shared/useExport";
import { Scanner } from "./Scanner";
import css from "./Sources.module.css";

interface SourcesProps {
  /** Nothing has come yet: teaches what this section is for. */
  empty: boolean;
  onAdd: () => void;
}

/** Where scans come from, each with its first act. */
export function Sources({ empty, onAdd }: SourcesProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sources = useRead("intake", "scan_sources", {});
  const kept = (answer: ScanSources) =>
    client.setQueryData(keyOf("intake", "scan_sources", {}), answer);
  const chooseFolder = useMutation({
    mutationFn: () => host().chooseScanFolder(),
    onSettled: () => client.invalidateQueries({ queryKey: ["intake"] }),
  });
  const leaveFolder = useMutation({
    mutationFn: () => host().call("scan_folder_set", { folder: null }),
    onSuccess: kept,
  });
  const { data } = sources;
  return (
    <div className={css.pane} data-testid="scan-sources">
      <div className={css.column}>
        <header>
          <h2 className={css.title}>{t(empty ? "sources.emptyTitle" : "sources.title")}</h2>
          <p className={css.text}>{t("sources.text")}</p>
        </header>
        {sources.error !== null && <ErrorMessage error={sources.error} />}
        <div className={css.cards}>
          <Card icon="upload" title={t("sources.drop")} text={t("sources.dropText")}>
            <Button
              tone="main"
              icon="plus"
              shortcut={keyLabel("intake.add")}
              onClick={onAdd}
              data-testid="scans-choose"
            >
              {t("sources.choose")}
            </Button>
          </Card>
          <Card icon="folder" title={t("sources.folder")} text={t("sources.folderText")}>
            {data?.folder != null && (
              <p className={css.fact} data-testid="scan-folder">
                <Icon name={data.folder_code === null ? "check" : "warning"} />
                {data.folder}
              </p>
            )}
            {data?.folder_code != null && (
              <ErrorMessage
                error={new CommandError(data.folder_code)}
                facts={{ folder: data.folder ?? "" }}
              />
            )}
            {chooseFolder.error !== null && <ErrorMessage error={chooseFolder.error} />}
            <div className={css.acts}>
              <Button
                icon="folder"
                disabled={chooseFolder.isPending}
                onClick={() => chooseFolder.mutate()}
              >
                {t(data?.folder == null ? "sources.folderChoose" : "sources.folderChange")}
              </Button>
              {data?.folder != null && (
                <Button tone="quiet" onClick={() => leaveFolder.mutate()}>
                  {t("sources.folderLeave")}
                </Button>
              )}
            </div>
          </Card>
          <Card icon="scan" title={t("sources.scanner")} text={t("sources.scannerText")}>
            {data?.scanners.map((scanner) => (
              <Scanner key={scanner.id} scanner={scanner} job={data.job} onKept={kept} />
            ))}
            {data !== undefined && data.scanners.length === 0 && (
              <p className={css.fact}>{t("sources.noScanner")}</p>
            )}
            <AddScanner onKept={kept} />
          </Card>
          <Card icon="split" title={t("sources.sheets")} text={t("sources.sheetsText")}>
            <Sheets />
          </Card>
        </div>
      </div>
    </div>
  );
}

interface CardProps {
  icon: IconName;
  title: string;
  text: string;
  children: React.ReactNode;
}

function Card({ icon, title, text, children }: CardProps) {
  return (
    <section className={css.card} aria-label={title}>
      <h3 className={css.cardTitle}>
        <Icon name={icon} size={20} />
        {title}
      </h3>
      <p className={css.text}>{text}</p>
      {children}
    </section>
  );
}

function AddScanner({ onKept }: { onKept: (sources: ScanSources) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const add = useMutation({
    mutationFn: (address: string) => host().call("scanner_add", { address }),
    onSuccess: (answer) => {
      onKept(answer);
      setOpen(false);
    },
  });
  const submit = () => {
    const address = field.current?.value.trim() ?? "";
    if (address !== "") add.mutate(address);
  };
  if (!open) {
    return (
      <Button tone="quiet" icon="plus" onClick={() => setOpen(true)} data-testid="scanner-add">
        {t("sources.addScanner")}
      </Button>
    );
  }
  return (
    <form
      className={css.line}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextField
        ref={field}
        className={css.grow}
        label={t("sources.address")}
        placeholder="192.168.1.20"
        autoComplete="off"
        autoFocus
        data-testid="scanner-address"
      />
      <Button type="submit" disabled={add.isPending}>
        {t("sources.add")}
      </Button>
      {add.error !== null && <ErrorMessage error={add.error} className={css.whole} />}
    </form>
  );
}

/** Sheets to be laid between letters, printed by us: the cut is then sure. */
function Sheets() {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const sheets = useExport((departments: string[]) =>
    host().call("scan_separators", { departments }),
  );
  return (
    <form
      className={css.line}
      onSubmit={(event) => {
        event.preventDefault();
        const names = (field.current?.value ?? "").split(/[,;]/).map((name) => name.trim());
        sheets.mutate(names.filter((name) => name !== ""));
      }}
    >
      <TextField
        ref={field}
        className={css.grow}
        label={t("sources.departments")}
        placeholder={t("sources.departmentsHint")}
        autoComplete="off"
        data-testid="sheet-departments"
      />
      <Button type="submit" icon="print" disabled={sheets.isPending} data-testid="sheets-print">
        {t("sources.print")}
      </Button>
      {sheets.error !== null && <ErrorMessage error={sheets.error} className={css.whole} />}
    </form>
  );
}
