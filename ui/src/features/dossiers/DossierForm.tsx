import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { AccountDto, DossierFieldsDto } from "../../generated/types";
import { type Args, host } from "../../platform";
import { FormDialog } from "../../shared/FormDialog";
import box from "../../shared/SuggestField.module.css";
import { TextField } from "../../shared/TextField";
import field from "../../shared/TextField.module.css";
import { todayHere } from "../intake/days";
import css from "./Dossiers.module.css";

/** The periods that circulars name most often. */
const YEARS = [5, 10, 20, 50, 70];

interface DossierFormProps {
  /** Into the year's list, or begun beside it. */
  listed: boolean;
  year: number;
  account: AccountDto | null;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Proposes a dossier for the year's list, or begins one beside it. Its number is the server's. */
export function DossierForm({ listed, year, account, onClose, onMade }: DossierFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = useId();
  const [wrong, setWrong] = useState<"code" | "title" | null>(null);
  const people = useRead("session", "office_people", {}, { enabled: listed }).data ?? [];
  const make = useMutation({
    mutationFn: (args: Args<"dossier_make">) => host().call("dossier_make", args),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["documents"] });
      onMade(made.dossier.id);
    },
  });
  const submit = (data: FormData) => {
    const fields = readFields(data, year);
    const fault = fields.code === "" ? "code" : fields.title === "" ? "title" : null;
    setWrong(fault);
    if (fault === null) make.mutate({ fields, started_on: listed ? null : todayHere() });
  };
  const problem = (what: "code" | "title") =>
    wrong === what ? t(`dossier.wrong.${what}`) : undefined;
  return (
    <FormDialog
      title={t(listed ? "dossier.plan" : "dossier.start")}
      text={t(listed ? "dossier.planText" : "dossier.startText", { year })}
      label={t(listed ? "dossier.planDo" : "dossier.startDo")}
      busy={make.isPending}
      error={make.error}
      testId="dossier-form"
      sendTestId="dossier-send"
      onInput={() => setWrong(null)}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className={css.fields}>
        <TextField
          className={css.wide}
          name="title"
          label={t("dossier.field.title")}
          problem={problem("title")}
          maxLength={500}
          autoFocus
          autoComplete="off"
          data-testid="dossier-title"
        />
        <TextField
          name="code"
          label={t("dossier.field.code")}
          problem={problem("code")}
          placeholder={t("dossier.codeNote")}
          maxLength={30}
          autoComplete="off"
          data-testid="dossier-code"
        />
        <div>
          <label className={field.label} htmlFor={`${id}-kept`}>
            {t("dossier.field.retention")}
          </label>
          <select
            id={`${id}-kept`}
            name="retention"
            className={box.input}
            defaultValue="10"
            data-testid="dossier-retention"
          >
            <option value="">{t("dossier.permanent")}</option>
            {YEARS.map((years) => (
              <option key={years} value={years}>
                {t("dossier.years", { count: years })}
              </option>
            ))}
          </select>
        </div>
        <TextField
          name="large"
          label={t("dossier.field.large")}
          maxLength={500}
          autoComplete="off"
          data-testid="dossier-large"
        />
        <TextField
          name="small"
          label={t("dossier.field.small")}
          maxLength={500}
          autoComplete="off"
        />
        {listed && (
          <div className={css.wide}>
            <label className={field.label} htmlFor={`${id}-creator`}>
              {t("dossier.field.creator")}
            </label>
            <select
              id={`${id}-creator`}
              name="creator"
              className={box.input}
              defaultValue=""
              data-testid="dossier-creator"
            >
              <option value="">{t("dossier.myself", { name: account?.full_name ?? "" })}</option>
              {people.map((one) => (
                <option key={one.account} value={one.account}>
                  {one.name} · {one.position} · {one.unit}
                </option>
              ))}
            </select>
          </div>
        )}
        <TextField
          className={css.wide}
          name="note"
          label={t("dossier.field.note")}
          maxLength={500}
          autoComplete="off"
        />
      </div>
    </FormDialog>
  );
}

function readFields(data: FormData, year: number): DossierFieldsDto {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const creator = text("creator");
  const kept = text("retention");
  return {
    year,
    number: null,
    code: text("code"),
    large: text("large"),
    small: text("small"),
    title: text("title"),
    retention_years: kept === "" ? null : Number(kept),
    creator: creator === "" ? null : creator,
    note: text("note"),
  };
}
