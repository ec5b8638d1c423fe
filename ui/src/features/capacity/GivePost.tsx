import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { UnitPostDto } from "../../generated/types";
import { type Args, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import box from "../../shared/SuggestField.module.css";
import { TextField } from "../../shared/TextField";
import { useNotice } from "../../shared/Toasts";
import css from "./Capacity.module.css";
import { DAY_MS, DayField, dayStart } from "./DayField";

/** What who manages a unit may give there; leaders are appointed from above. */
const ROLES = ["official", "head", "unit_clerk", "clerk", "archivist"] as const;

/** What of the form is not as it must be. */
type Wrong = "person" | "title" | "since" | "until";

/** A person gets a post in a unit, for a time; the server has it at once, or says why not. */
export function GivePost({ posts }: { posts: readonly UnitPostDto[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const people = useRead("session", "office_people", {}).data ?? [];
  const units = [...new Map(posts.map((post) => [post.unit_code, post.unit]))];
  const give = useMutation({
    mutationFn: (args: Args<"unit_post_give">) => host().call("unit_post_give", args),
    onSuccess: async (_, { account }) => {
      form.current?.reset();
      const name = people.find((one) => one.account === account)?.name ?? "";
      notice(t("posts.done"), t("posts.doneText", { name }));
      await client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const submit = () => {
    if (form.current === null || give.isPending) return;
    const read = readForm(new FormData(form.current));
    setWrong(typeof read === "string" ? read : null);
    if (typeof read !== "string") give.mutate(read);
  };
  const problem = (what: Wrong) => (wrong === what ? t(`posts.wrong.${what}`) : undefined);
  return (
    <form
      ref={form}
      className={css.form}
      aria-label={t("posts.new")}
      noValidate
      onInput={() => setWrong(null)}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      data-testid="post-form"
    >
      <h3 className={css.heading}>{t("posts.new")}</h3>
      {give.error !== null && <ErrorMessage error={give.error} />}
      <div className={css.fields}>
        <div className={css.wide}>
          <label className={box.label} htmlFor={`${id}-person`}>
            {t("posts.person")}
          </label>
          <select
            id={`${id}-person`}
            name="account"
            className={box.input}
            defaultValue=""
            aria-invalid={wrong === "person"}
            data-testid="post-person"
          >
            <option value="">{t("posts.choose")}</option>
            {people.map((one) => (
              <option key={one.account} value={one.account}>
                {one.name} · {one.position} · {one.unit}
              </option>
            ))}
          </select>
          {wrong === "person" && <p className={box.problem}>{problem("person")}</p>}
        </div>
        <div>
          <label className={box.label} htmlFor={`${id}-unit`}>
            {t("posts.unit")}
          </label>
          <select id={`${id}-unit`} name="unit_code" className={box.input} data-testid="post-unit">
            {units.map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label className={box.label} htmlFor={`${id}-role`}>
            {t("posts.role")}
          </label>
          <select id={`${id}-role`} name="role" className={box.input} data-testid="post-role">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`posts.roles.${role}`)}
              </option>
            ))}
          </select>
        </div>
        <TextField
          className={css.wide}
          name="title"
          label={t("posts.titleField")}
          placeholder={t("posts.titleNote")}
          problem={problem("title")}
          maxLength={100}
          autoComplete="off"
          data-testid="post-title"
        />
        <DayField
          name="since"
          label={t("mandate.since")}
          problem={problem("since")}
          testId="post-since"
        />
        <DayField
          name="until"
          label={t("posts.untilField")}
          problem={problem("until")}
          testId="post-until"
          empty
        />
      </div>
      <div>
        <Button type="submit" tone="main" aria-busy={give.isPending} data-testid="post-give">
          {t("posts.give")}
        </Button>
      </div>
    </form>
  );
}

/** Whole days in Vietnam's time; or what is wrong. */
function readForm(data: FormData): Args<"unit_post_give"> | Wrong {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const [since, last] = [dayStart(text("since")), dayStart(text("until"))];
  if (text("account") === "") return "person";
  if (text("title") === "") return "title";
  if (since === null) return "since";
  if (text("until") !== "") {
    if (last === null || last < since || last + DAY_MS <= Date.now()) return "until";
  }
  return {
    account: text("account"),
    unit_code: text("unit_code"),
    role: text("role"),
    title: text("title"),
    since,
    until: text("until") === "" || last === null ? null : last + DAY_MS,
  };
}
