import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { TaskGive } from "../../generated/types";
import { host } from "../../platform";
import { cx } from "../../shared/cx";
import { FormDialog } from "../../shared/FormDialog";
import { Segmented } from "../../shared/Segmented";
import box from "../../shared/SuggestField.module.css";
import { TextField } from "../../shared/TextField";
import field from "../../shared/TextField.module.css";
import { useNotice } from "../../shared/Toasts";
import { useNamedDays } from "../calendar/useNamedDays";
import { DueField } from "../handling/DueField";
import { parseDue } from "../handling/days";
import type { Part } from "../handling/draft";
import { PeopleField } from "../handling/PeopleField";
import { parseDay, showDay, todayHere } from "../intake/days";
import type { Picked } from "./DocumentPick";
import css from "./Tasks.module.css";

const PARTS: readonly Part[] = ["lead", "support"];
type Fault = "title" | "lead" | "due" | "meeting";

interface TaskFormProps {
  /** The document that it comes from; none: a meeting, or nothing else. */
  document?: Picked | undefined;
  onClose: () => void;
  onGiven: (id: string) => void;
}

/** Gives a task: to exactly one who leads, with who supports, until a day. */
export function TaskForm({ document, onClose, onGiven }: TaskFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const id = useId();
  const [parts, setParts] = useState<Record<string, Part>>({});
  const [due, setDue] = useState("");
  const [source, setSource] = useState<"alone" | "meeting">("alone");
  const [wrong, setWrong] = useState<Fault | null>(null);
  const people = useRead("session", "task_people", {}).data ?? [];
  const named = useNamedDays();
  const give = useMutation({
    mutationFn: (args: TaskGive) => host().call("task_give", args),
    onSuccess: async (given) => {
      await client.invalidateQueries({ queryKey: ["documents"] });
      notice(t("task.given"), t("task.givenText", { who: given.task.lead.name }));
      onGiven(given.task.id);
    },
  });
  const those = (part: Part) =>
    Object.entries(parts).flatMap(([account, each]) => (each === part ? [account] : []));
  const submit = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const today = todayHere();
    const day = parseDue(due, today, today, named);
    const lead = those("lead")[0];
    const held = parseDay(text("held_on"), today) || null;
    const isMeeting = document === undefined && source === "meeting";
    const meeting =
      isMeeting && held !== null && text("meeting") !== ""
        ? { name: text("meeting"), held_on: held }
        : null;
    const fault: Fault | null =
      text("title") === ""
        ? "title"
        : isMeeting && meeting === null
          ? "meeting"
          : lead === undefined
            ? "lead"
            : day === null || day === "" || day < today
              ? "due"
              : null;
    setWrong(fault);
    if (fault !== null || lead === undefined || day === null) return;
    give.mutate({
      title: text("title"),
      text: text("text"),
      document: document?.id ?? null,
      meeting,
      lead,
      supports: those("support"),
      due: day,
    });
  };
  const problem = (what: Fault) => (wrong === what ? t(`task.wrong.${what}`) : undefined);
  return (
    <FormDialog
      title={t("task.give")}
      text={
        document === undefined ? t("task.giveText") : t("task.giveFrom", { title: document.title })
      }
      label={t("task.giveDo")}
      busy={give.isPending}
      error={give.error}
      testId="task-form"
      sendTestId="task-send"
      onInput={() => setWrong(null)}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="title"
        label={t("task.field.title")}
        problem={problem("title")}
        maxLength={500}
        autoFocus
        autoComplete="off"
        data-testid="task-title"
      />
      <div>
        <label className={field.label} htmlFor={`${id}-text`}>
          {t("task.field.text")}
        </label>
        <textarea
          id={`${id}-text`}
          name="text"
          className={cx(box.input, css.words)}
          rows={2}
          maxLength={4000}
          data-testid="task-text"
        />
      </div>
      {document === undefined && (
        <Segmented
          label={t("task.source.label")}
          value={source}
          options={(["alone", "meeting"] as const).map((value) => ({
            value,
            label: t(`task.source.${value}`),
          }))}
          onChange={setSource}
        />
      )}
      {document === undefined && source === "meeting" && (
        <div className={css.fields}>
          <TextField
            name="meeting"
            label={t("task.field.meeting")}
            problem={problem("meeting")}
            maxLength={500}
            autoComplete="off"
            data-testid="task-meeting"
          />
          <TextField
            name="held_on"
            label={t("task.field.heldOn")}
            defaultValue={showDay(todayHere())}
            autoComplete="off"
          />
        </div>
      )}
      <PeopleField
        label={t("task.field.people")}
        people={people}
        offered={PARTS}
        value={parts}
        onChange={(next) => {
          setParts(next);
          setWrong(null);
        }}
        problem={problem("lead")}
      />
      <DueField
        label={t("task.field.due")}
        defaultValue=""
        onInput={setDue}
        onBlur={() => undefined}
        problem={problem("due")}
        note={t("task.dueNote")}
        from={todayHere()}
      />
    </FormDialog>
  );
}
