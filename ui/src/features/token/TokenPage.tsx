import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { DiagnosedToken, IpcError } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { copyText, saveText } from "../../shared/saveText";
import { useNotice } from "../../shared/Toasts";
import { ModuleCard } from "./ModuleCard";
import css from "./TokenPage.module.css";

/** Everything the desk knows of readers, modules and tokens; each finding with its remedy. */
export function TokenPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const found = useRead("token", "token_diagnosis", {}, { keepOld: true });
  const reread = () => client.invalidateQueries({ queryKey: ["token"] });
  const rescan = useMutation({
    mutationFn: () => host().call("token_rescan", {}),
    onSettled: reread,
  });
  const report = useMutation({
    mutationFn: async (how: "copy" | "save") => {
      const { file_name, text } = await host().call("token_diagnosis_export", {});
      if (how === "save") {
        saveText(file_name, text);
        notice(t("app.saved"), t("app.savedText", { name: file_name }));
      } else if (await copyText(text)) notice(t("token.copied"), t("token.copiedText"));
    },
  });
  const change = useMutation({
    mutationFn: (args: { module: string; token_serial: string }) => host().call("pin_change", args),
    onSuccess: () => notice(t("token.pinChanged")),
    onSettled: reread,
  });
  const { data, error } = found;
  const busy = rescan.isPending || found.isFetching;
  return (
    <div className={css.page} data-testid="token-page" aria-busy={busy}>
      <div className={css.acts}>
        <Button
          icon="sync"
          onClick={() => rescan.mutate()}
          aria-busy={busy}
          data-testid="token-rescan"
        >
          {t("sign.refresh")}
        </Button>
        <Button icon="copy" onClick={() => report.mutate("copy")} data-testid="token-copy">
          {t("token.copy")}
        </Button>
        <Button icon="download" onClick={() => report.mutate("save")} data-testid="token-save">
          {t("token.save")}
        </Button>
        {/* Beside the buttons, which stay where they are while somebody points at them. */}
        <span className={css.when} role="status">
          {busy
            ? t("sign.searching")
            : data !== undefined && t("token.at", { when: formatDateTime(data.at) })}
        </span>
      </div>
      {error !== null && <ErrorMessage error={error} />}
      {report.error !== null && <ErrorMessage error={report.error} />}
      {change.error !== null && <ErrorMessage error={change.error} />}
      {change.isPending && <p className={css.note}>{t("token.changing")}</p>}
      {data !== undefined && (
        <>
          {data.findings.length === 0 ? (
            <p className={css.well} data-testid="token-well">
              <Icon name="check" size={20} />
              {t("token.well")}
            </p>
          ) : (
            <Findings findings={data.findings} />
          )}
          <section className={css.group}>
            <h2>{t("token.readers")}</h2>
            <p className={css.note}>{t(`token.service.${data.card_service}`)}</p>
            {data.readers.length === 0 && <p className={css.note}>{t("token.noReaders")}</p>}
            <ul className={css.readers}>
              {data.readers.map((reader) => (
                <li key={reader.name} className={css.reader}>
                  <p className={css.name}>{reader.name}</p>
                  <p className={css.note}>
                    {reader.mute
                      ? t("token.mute")
                      : reader.atr === null
                        ? t("token.empty")
                        : (reader.product ?? t("token.unknownCard"))}
                  </p>
                  {reader.atr !== null && <code className={css.code}>ATR {reader.atr}</code>}
                  {reader.finding !== null && <Findings findings={[reader.finding]} />}
                </li>
              ))}
            </ul>
          </section>
          <section className={css.group}>
            <h2>{t("token.modules")}</h2>
            {data.restricted && <p className={css.note}>{t("token.restricted")}</p>}
            {data.modules.map((module) => (
              <ModuleCard
                key={module.id}
                module={module}
                busy={change.isPending}
                onChangePin={(token: DiagnosedToken) =>
                  change.mutate({ module: module.id, token_serial: token.serial })
                }
              />
            ))}
          </section>
        </>
      )}
    </div>
  );
}

/** What was found, each with what is safe and what to do. */
export function Findings({ findings }: { findings: readonly IpcError[] }) {
  return findings.map((finding) => (
    <ErrorMessage
      key={`${finding.code} ${Object.values(finding.args).join()}`}
      error={CommandError.from(finding)}
    />
  ));
}
