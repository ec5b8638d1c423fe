import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { DossierForm } from "../features/dossiers/DossierForm";
import { DossierPane } from "../features/dossiers/DossierPane";
import { DossierTree } from "../features/dossiers/DossierTree";
import { DueDossiers } from "../features/dossiers/DueDossiers";
import { SaveMenu } from "../features/dossiers/SaveMenu";
import { todayHere } from "../features/intake/days";
import type { AccountDto, DossierDto, DossierPaper, SearchFormat } from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import { Empty } from "../shared/Empty";
import { ErrorMessage } from "../shared/ErrorMessage";
import box from "../shared/SuggestField.module.css";
import css from "./DossiersView.module.css";

/** What of a year's dossiers is saved, and how; the last ones once any was handed over. */
const PAPERS = [
  "list PDF",
  "list XLSX",
  "handed_over PDF",
  "handed_over XLSX",
  "minutes PDF",
] as const satisfies readonly `${DossierPaper} ${SearchFormat}`[];

const isHandedOver = ({ state }: DossierDto) => state === "handed_over" || state === "archived";

interface DossiersViewProps {
  account: AccountDto | null;
  onOpenDocument: (id: string, direction: string) => void;
}

/** Hồ sơ công việc: the year's list under its headings, and the dossier that is chosen. */
export function DossiersView({ account, onOpenDocument }: DossiersViewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const thisYear = Number(todayHere().slice(0, 4));
  const [year, setYear] = useState(thisYear);
  const [chosen, setChosen] = useState<string | null>(null);
  const [making, setMaking] = useState<"listed" | "beside" | null>(null);
  const pane = useRef<HTMLDivElement>(null);
  const { data, error } = useRead("documents", "dossiers_list", { year }, { keepOld: true });
  const approve = useMutation({
    mutationFn: (ids: string[]) => host().call("dossier_act", { ids, act: { act: "approve" } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["documents"] }),
  });
  const dossiers = data?.dossiers ?? [];
  const current = dossiers.find(({ id }) => id === chosen) ?? dossiers[0];
  const years = [...new Set([thisYear, ...(data?.years ?? [])])].sort((a, b) => b - a);
  const waiting = data?.to_approve ?? [];
  const inside = () =>
    pane.current?.querySelector<HTMLElement>("button:not(:disabled), [tabindex]")?.focus();
  return (
    <main className={css.view} data-testid="dossiers">
      <div className={css.side}>
        <header className={css.head}>
          <h1 className={css.title}>{t("nav.dossiers")}</h1>
          <select
            className={box.input}
            aria-label={t("dossier.year")}
            value={year}
            onChange={(event) => setYear(Number(event.target.value))}
            data-testid="dossier-year"
          >
            {years.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
          <div className={css.acts}>
            <Button icon="plus" onClick={() => setMaking("beside")} data-testid="dossier-start">
              {t("dossier.start")}
            </Button>
            {data?.may_plan === true && (
              <Button icon="sheet" onClick={() => setMaking("listed")} data-testid="dossier-plan">
                {t("dossier.plan")}
              </Button>
            )}
            {waiting.length > 0 && (
              <Button
                icon="check"
                disabled={approve.isPending}
                onClick={() => approve.mutate(waiting)}
                data-testid="dossier-approve-all"
              >
                {t("dossier.approveAll", { count: waiting.length })}
              </Button>
            )}
            {dossiers.length > 0 && (
              <SaveMenu
                of="list"
                formats={PAPERS.filter(
                  (one) => one.startsWith("list") || dossiers.some(isHandedOver),
                ).map((format) => ({ format, name: t(`dossier.saves.list.${format}`) }))}
                make={(one) => {
                  const [paper, format] = one.split(" ") as [DossierPaper, SearchFormat];
                  return host().call("dossiers_export", { year, paper, format });
                }}
              />
            )}
          </div>
        </header>
        {error !== null && <ErrorMessage error={error} className={css.error} />}
        {approve.error !== null && <ErrorMessage error={approve.error} className={css.error} />}
        <DueDossiers
          onChoose={(dossier) => {
            setYear(dossier.year);
            setChosen(dossier.id);
          }}
        />
        {data !== undefined && dossiers.length > 0 && (
          <DossierTree
            dossiers={dossiers}
            label={t("dossier.listOf", { year })}
            chosen={current?.id ?? null}
            onChoose={setChosen}
            onOpen={inside}
          />
        )}
      </div>
      <div ref={pane} style={{ display: "contents" }}>
        {current !== undefined && (
          <DossierPane key={current.id} id={current.id} onOpenDocument={onOpenDocument} />
        )}
        {data !== undefined && current === undefined && (
          <div className={css.nothing}>
            <Empty icon="folder" title={t("dossier.empty.title")} text={t("dossier.empty.text")} />
          </div>
        )}
      </div>
      {making !== null && (
        <DossierForm
          listed={making === "listed"}
          year={year}
          account={account}
          onClose={() => setMaking(null)}
          onMade={(id) => {
            setMaking(null);
            setChosen(id);
          }}
        />
      )}
    </main>
  );
}
