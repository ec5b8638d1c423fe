import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { DossierActDto, DossierContentsDto, DossierItemDto } from "../../generated/types";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatSize } from "../../shared/format";
import unseen from "../../shared/hidden.module.css";
import { IconButton } from "../../shared/IconButton";
import { OutsideProgress } from "../../shared/OutsideProgress";
import { useNotice } from "../../shared/Toasts";
import { showDay, todayHere } from "../intake/days";
import { wordName } from "../intake/kinds";
import { ActDialog, type Asking } from "./ActDialog";
import css from "./Dossiers.module.css";
import { findingWord } from "./findings";
import { SaveMenu } from "./SaveMenu";
import { retention, span, stateOf } from "./words";

interface DossierPaneProps {
  id: string;
  onOpenDocument: (id: string, direction: string) => void;
}

const ASKING: readonly Asking[] = ["strike", "close", "reopen", "keep_back", "send_back"];
/** The acts of the pane, the most wanted first. */
const ACTS = [
  "approve",
  "open",
  "close",
  "hand_over",
  "receive",
  "send_back",
  "keep_back",
  "reopen",
  "strike",
] as const;
type PaneAct = (typeof ACTS)[number];

/** A dossier: what stands on it, what may be done, and its documents in order. */
export function DossierPane({ id, onOpenDocument }: DossierPaneProps) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { data, error } = useRead("documents", "dossier_get", { id });
  const act = useMutation({
    mutationFn: (what: DossierActDto) => host().call("dossier_act", { ids: [id], act: what }),
    onSuccess: async () => {
      setAsking(null);
      await client.invalidateQueries({ queryKey: ["documents"] });
    },
  });
  const pack = useMutation({
    mutationFn: () => host().dossierPackage(id),
    onSuccess: (packed) => {
      if (packed === null) return;
      const size = formatSize(packed.size, i18n.language);
      const lines = [t("dossier.packed", { ...packed, size })];
      if (packed.unseen > 0) lines.push(t("dossier.packedUnseen", { count: packed.unseen }));
      notice(t("app.saved"), lines.join(" "));
    },
  });
  if (data === undefined) {
    return error === null ? null : <ErrorMessage error={error} className={css.error} />;
  }
  const { dossier } = data;
  const start = (what: PaneAct) => {
    act.reset();
    const asked = ASKING.find((one) => one === what);
    if (asked !== undefined) return setAsking(asked);
    if (what === "open") act.mutate({ act: "open", started_on: todayHere() });
    else if (what === "approve" || what === "hand_over" || what === "receive") {
      act.mutate({ act: what });
    }
  };
  const facts = [
    dossier.creator,
    dossier.unit,
    retention(dossier, t),
    span(dossier),
    dossier.hand_over_by === null
      ? ""
      : t("dossier.handOverBy", { day: showDay(dossier.hand_over_by) }),
  ];
  return (
    <section
      className={css.pane}
      aria-label={dossier.title}
      data-testid="dossier-pane"
      data-state={dossier.state}
    >
      <header className={css.paneHead}>
        <span className={css.entryHead}>
          <b className={css.notation}>{dossier.notation}</b>
          {!dossier.numbered && <Badge tone="warn">{t("dossier.noNumber")}</Badge>}
          <Badge tone="neutral">{t(`dossier.state.${stateOf(dossier)}`)}</Badge>
        </span>
        <h2 className={css.title}>{dossier.title}</h2>
        <p className={css.quiet}>{facts.filter((fact) => fact !== "").join(" · ")}</p>
        {dossier.note !== "" && <p className={css.quiet}>{dossier.note}</p>}
        <div className={css.acts}>
          {ACTS.filter((one) => data.allowed.includes(one)).map((one, place) => (
            <Button
              key={one}
              tone={place === 0 ? "main" : "plain"}
              disabled={act.isPending}
              onClick={() => start(one)}
              data-testid={`dossier-act-${one}`}
            >
              {t(`dossier.act.${one}`)}
            </Button>
          ))}
          {dossier.inside && data.items.length > 0 && (
            <SaveMenu
              of="contents"
              formats={(["PDF", "XLSX", "XML"] as const).map((format) => ({
                format,
                name: t(`dossier.saves.contents.${format}`),
              }))}
              make={(format) => host().call("dossier_export", { id, format })}
              large={{
                name: t("dossier.saves.contents.ZIP"),
                busy: pack.isPending,
                save: () => pack.mutate(),
              }}
            />
          )}
        </div>
      </header>
      {pack.isPending && (
        <div className={css.packing}>
          <OutsideProgress />
        </div>
      )}
      {pack.error !== null && <ErrorMessage error={pack.error} className={css.error} />}
      {act.error !== null && asking === null && (
        <ErrorMessage error={act.error} className={css.error} />
      )}
      {dossier.inside ? (
        <Contents
          contents={data}
          onOpenDocument={onOpenDocument}
          onRemove={
            data.allowed.includes("remove")
              ? (document) => act.mutate({ act: "remove", document })
              : undefined
          }
        />
      ) : (
        <Empty icon="lock" title={t("dossier.closed.title")} text={t("dossier.closed.text")} />
      )}
      {asking !== null && (
        <ActDialog
          act={asking}
          contents={data}
          busy={act.isPending}
          error={act.error}
          onAct={(what) => act.mutate(what)}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}

interface ContentsProps {
  contents: DossierContentsDto;
  onOpenDocument: (id: string, direction: string) => void;
  onRemove: ((document: string) => void) | undefined;
}

const COLUMNS = ["ordinal", "notation", "day", "subject", "issuer", "pages"] as const;

/** Mục lục văn bản: the documents in the order of the dossier. */
function Contents({ contents, onOpenDocument, onRemove }: ContentsProps) {
  const { t } = useTranslation();
  const { items, findings } = contents;
  if (items.length === 0) {
    return <Empty icon="folder" title={t("dossier.bare.title")} text={t("dossier.bare.text")} />;
  }
  const found = (item: DossierItemDto) =>
    findings.filter(({ document }) => document === item.document);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it.
    <section className={css.scroll} tabIndex={0} aria-label={t("dossier.contents")}>
      <table className={css.table} data-testid="dossier-contents">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(`dossier.column.${column}`)}
              </th>
            ))}
            {onRemove !== undefined && (
              <th scope="col">
                <span className={unseen.hidden}>{t("dossier.remove")}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.document} data-testid="dossier-item" data-document={item.document}>
              <td className={css.ordinal}>
                {item.ordinal}
                {item.provisional && <Badge tone="warn">{t("dossier.provisional")}</Badge>}
              </td>
              <td>{item.notation}</td>
              <td className={css.day}>{showDay(item.issued_on ?? "")}</td>
              <td>
                {item.here ? (
                  <button
                    type="button"
                    className={css.link}
                    onClick={() => onOpenDocument(item.document, item.direction)}
                    data-testid="dossier-open-document"
                  >
                    {[wordName(item.kind), item.subject].filter((part) => part !== "").join(" ")}
                  </button>
                ) : (
                  <span className={css.quiet}>{t("dossier.hidden")}</span>
                )}
                {found(item).map((finding) => (
                  <span key={finding.kind} className={css.found}>
                    {t(`dossier.finding.${findingWord(finding)}`)}
                  </span>
                ))}
              </td>
              <td>{item.issuer}</td>
              <td>{item.pages ?? ""}</td>
              {onRemove !== undefined && (
                <td>
                  <IconButton
                    icon="close"
                    label={t("dossier.removeOne", { number: item.ordinal })}
                    onClick={() => onRemove(item.document)}
                    data-testid="dossier-remove"
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
