import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { MandateKind, OfficePersonDto } from "../../generated/types";
import { type Args, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Segmented } from "../../shared/Segmented";
import box from "../../shared/SuggestField.module.css";
import { TextField } from "../../shared/TextField";
import { useNotice } from "../../shared/Toasts";
import { kindCode, kindName, kindWord } from "../intake/kinds";
import css from "./Capacity.module.css";
import { DAY_MS, DayField, dayStart } from "./DayField";

const KINDS: readonly MandateKind[] = ["delegation", "absence"];

/** What of the form is not as it must be. */
type Wrong = "holder" | "content" | "since" | "until" | "reference" | "kinds";

/** A leader gives a mandate; the server has it at once, or says why not. */
export function GiveMandate() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<MandateKind>("delegation");
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const people = useRead("session", "office_people", {}).data ?? [];
  const holders = people.filter((one) => kind === "delegation" || isLeader(one));
  const give = useMutation({
    mutationFn: (args: Args<"mandate_give">) => host().call("mandate_give", args),
    onSuccess: async (all) => {
      form.current?.reset();
      const last = all.given.at(-1);
      notice(t("mandate.done"), t("mandate.doneText", { name: last?.person ?? "" }));
      await client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const submit = () => {
    if (form.current === null || give.isPending) return;
    const read = readForm(new FormData(form.current), kind);
    setWrong(typeof read === "string" ? read : null);
    if (typeof read !== "string") give.mutate(read);
  };
  const problem = (what: Wrong) => (wrong === what ? t(`mandate.wrong.${what}`) : undefined);
  return (
    <form
      ref={form}
      className={css.form}
      aria-label={t("mandate.new")}
      noValidate
      onInput={() => setWrong(null)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      data-testid="mandate-form"
    >
      <h3 className={css.heading}>{t("mandate.new")}</h3>
      {give.error !== null && <ErrorMessage error={give.error} />}
      <Segmented
        label={t("mandate.kind")}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`mandate.kinds.${value}`) }))}
        onChange={setKind}
      />
      <div className={css.fields}>
        <div className={css.wide}>
          <label className={box.label} htmlFor={`${id}-holder`}>
            {t(kind === "absence" ? "mandate.deputy" : "mandate.holder")}
          </label>
          <select
            key={kind}
            id={`${id}-holder`}
            name="holder"
            className={box.input}
            defaultValue=""
            aria-invalid={wrong === "holder"}
            data-testid="mandate-holder"
          >
            <option value="">
              {t(holders.length === 0 ? "mandate.nobody" : "mandate.choose")}
            </option>
            {holders.map((one) => (
              <option key={one.account} value={one.account}>
                {one.name} · {(kind === "absence" && leads(one)?.position) || one.position} ·{" "}
                {one.unit}
              </option>
            ))}
          </select>
          {wrong === "holder" && <p className={box.problem}>{problem("holder")}</p>}
        </div>
        <DayField
          name="since"
          label={t("mandate.since")}
          problem={problem("since")}
          testId="mandate-since"
        />
        <DayField
          name="until"
          label={t("mandate.until")}
          problem={problem("until")}
          testId="mandate-until"
        />
        {kind === "delegation" && (
          <TextField
            className={css.wide}
            name="reference"
            label={t("mandate.reference")}
            placeholder={t("mandate.referenceNote")}
            problem={problem("reference")}
            maxLength={100}
            autoComplete="off"
            data-testid="mandate-reference"
          />
        )}
      </div>
      <fieldset className={css.checks}>
        <legend className={box.label}>{t("mandate.content")}</legend>
        {(["direct", "sign"] as const).map((what) => (
          <label key={what} className={css.check}>
            <input type="checkbox" name={what} defaultChecked data-testid={`mandate-${what}`} />
            {t(`mandate.${what}`)}
          </label>
        ))}
        <TextField
          name="kinds"
          label={t("mandate.only")}
          placeholder={t("mandate.onlyNote")}
          problem={problem("kinds")}
          autoComplete="off"
          onBlur={(event) => {
            const known = listed(event.target.value).map((one) => kindCode(one));
            if (!known.includes(null)) {
              event.target.value = known.map((code) => kindName(code ?? "")).join(", ");
            }
          }}
          data-testid="mandate-kinds"
        />
        {wrong === "content" && <p className={box.problem}>{problem("content")}</p>}
      </fieldset>
      <div>
        <Button type="submit" tone="main" aria-busy={give.isPending} data-testid="mandate-give">
          {t("mandate.give")}
        </Button>
      </div>
    </form>
  );
}

/** The post by which somebody leads beside the main one. */
const leads = (one: OfficePersonDto) => one.further.find((post) => post.role === "leader");
const isLeader = (one: OfficePersonDto) => one.role === "leader" || leads(one) !== undefined;

/** What somebody lists, with commas between. */
function listed(text: string): string[] {
  const parts = text.split(/[,;]/).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

/** Whole days in Vietnam's time; or what is wrong. */
function readForm(data: FormData, kind: MandateKind): Args<"mandate_give"> | Wrong {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const [since, last] = [dayStart(text("since")), dayStart(text("until"))];
  const [direct, sign] = [data.has("direct"), data.has("sign")];
  if (text("holder") === "") return "holder";
  if (since === null) return "since";
  if (last === null || last < since || last + DAY_MS <= Date.now()) return "until";
  if (kind === "delegation" && text("reference") === "") return "reference";
  if (!direct && !sign) return "content";
  const kinds = sign ? listed(text("kinds")).map(kindWord) : [];
  if (kinds.includes("")) return "kinds";
  return {
    kind,
    holder: text("holder"),
    direct,
    sign,
    kinds: [...new Set(kinds)],
    since,
    until: last + DAY_MS,
    reference: kind === "delegation" ? text("reference") : "",
  };
}
