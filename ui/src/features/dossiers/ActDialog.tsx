import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DossierActDto, DossierContentsDto, DossierFindingDto } from "../../generated/types";
import { FormDialog } from "../../shared/FormDialog";
import { TextField } from "../../shared/TextField";
import { parseDay, showDay, todayHere } from "../intake/days";
import css from "./Dossiers.module.css";
import { findingWord } from "./findings";

/** The acts that ask for words or a day first. */
export type Asking = "strike" | "close" | "reopen" | "keep_back" | "send_back";

interface ActDialogProps {
  act: Asking;
  contents: DossierContentsDto;
  busy: boolean;
  error: unknown;
  onAct: (act: DossierActDto) => void;
  onClose: () => void;
}

/** Asks for what an act needs: a day, a reason, and on closing why each finding may stay. */
export function ActDialog({ act, contents, busy, error, onAct, onClose }: ActDialogProps) {
  const { t } = useTranslation();
  const [wrong, setWrong] = useState(false);
  const { dossier, findings, items } = contents;
  const nameOf = (finding: DossierFindingDto) => {
    const item = items.find(({ document }) => document === finding.document);
    if (item === undefined) return t(`dossier.finding.${findingWord(finding)}`);
    const title = item.notation || item.subject || t("dossier.hidden");
    return `${item.ordinal}. ${title}: ${t(`dossier.finding.${findingWord(finding)}`)}`;
  };
  const submit = (data: FormData) => {
    const read = readAct(act, data, findings);
    setWrong(read === null);
    if (read !== null) onAct(read);
  };
  const hasDay = act === "close" || act === "keep_back";
  return (
    <FormDialog
      title={t(`dossier.act.${act}`)}
      text={`${dossier.notation} · ${dossier.title}`}
      label={t(`dossier.act.${act}`)}
      busy={busy}
      error={error}
      testId="dossier-act-dialog"
      sendTestId="dossier-act-send"
      onInput={() => setWrong(false)}
      onSubmit={submit}
      onClose={onClose}
    >
      {wrong && (
        <p className={css.found} role="alert">
          {t("dossier.wrong.words")}
        </p>
      )}
      {hasDay && (
        <TextField
          name="day"
          label={t(act === "close" ? "dossier.endedOn" : "dossier.keptUntil")}
          defaultValue={act === "close" ? showDay(todayHere()) : ""}
          placeholder={t("intake.dayHint")}
          autoFocus
          autoComplete="off"
          data-testid="dossier-day"
        />
      )}
      {act === "keep_back" && (
        <TextField
          name="reference"
          label={t("dossier.reference")}
          maxLength={100}
          autoComplete="off"
        />
      )}
      {act === "close" && findings.length > 0 && (
        <>
          <p className={css.quiet}>{t("dossier.findingsText")}</p>
          <div className={css.settle}>
            {findings.map((finding, place) => (
              <TextField
                key={`${finding.kind} ${finding.document}`}
                name={`why-${place}`}
                label={nameOf(finding)}
                placeholder={t("dossier.whyStays")}
                maxLength={500}
                autoComplete="off"
                data-testid="dossier-why"
              />
            ))}
          </div>
        </>
      )}
      {act !== "close" && (
        <TextField
          name="reason"
          label={t("dossier.reason")}
          maxLength={500}
          autoFocus={!hasDay}
          autoComplete="off"
          data-testid="dossier-reason"
        />
      )}
    </FormDialog>
  );
}

/** The act as it was filled in; none where something is missing. */
function readAct(
  act: Asking,
  data: FormData,
  findings: readonly DossierFindingDto[],
): DossierActDto | null {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const day = parseDay(text("day"), todayHere()) || null;
  const reason = text("reason");
  switch (act) {
    case "close": {
      const settled = findings.map((finding, place) => ({ finding, reason: text(`why-${place}`) }));
      const isWhole = day !== null && settled.every((one) => one.reason !== "");
      return isWhole ? { act, ended_on: day, settled } : null;
    }
    case "keep_back": {
      const reference = text("reference");
      const isWhole = day !== null && reference !== "" && reason !== "";
      return isWhole ? { act, until: day, reference, reason } : null;
    }
    case "strike":
    case "reopen":
    case "send_back":
      return reason === "" ? null : { act, reason };
  }
}
