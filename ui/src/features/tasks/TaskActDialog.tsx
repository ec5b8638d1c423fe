import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskActDto, TaskDetailDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { FormDialog } from "../../shared/FormDialog";
import { Segmented } from "../../shared/Segmented";
import box from "../../shared/SuggestField.module.css";
import { TextField } from "../../shared/TextField";
import field from "../../shared/TextField.module.css";
import { useNamedDays } from "../calendar/useNamedDays";
import { DueField } from "../handling/DueField";
import { parseDue } from "../handling/days";
import { showDay, todayHere } from "../intake/days";
import { DocumentPick, type Picked } from "./DocumentPick";
import css from "./Tasks.module.css";

/** The acts that ask for words, a day or documents first. */
export const ASKING = [
  "report",
  "finish",
  "accept",
  "send_back",
  "ask_extension",
  "answer_extension",
  "withdraw",
] as const;
export type Asking = (typeof ASKING)[number];

interface TaskActDialogProps {
  act: Asking;
  detail: TaskDetailDto;
  busy: boolean;
  error: unknown;
  onAct: (act: TaskActDto) => void;
  onClose: () => void;
}

/** Asks for what an act on a task needs. */
export function TaskActDialog({ act, detail, busy, error, onAct, onClose }: TaskActDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const words = useRef<HTMLTextAreaElement>(null);
  const { task, extension } = detail;
  const asked = act === "answer_extension" ? (extension?.until ?? "") : "";
  const [due, setDue] = useState(showDay(asked));
  const [granted, setGranted] = useState(true);
  const [picked, setPicked] = useState<Picked[]>([]);
  const [wrong, setWrong] = useState<"words" | "day" | "percent" | null>(null);
  const named = useNamedDays();
  const today = todayHere();
  const isOver = task.due < today;
  const from = isOver ? today : task.due;
  const shows = act === "report" || act === "finish";
  const hasDay = act === "ask_extension" || (act === "answer_extension" && granted);
  const needsWords = act !== "accept" && !(act === "answer_extension" && granted);
  const submit = (data: FormData) => {
    const said = String(data.get("words") ?? "").trim();
    const percent = Number(String(data.get("percent") ?? "").replace("%", ""));
    const day = hasDay ? parseDue(due, today, from, named) || null : null;
    const isPercent = Number.isInteger(percent) && percent >= 0 && percent <= 100;
    if (needsWords && said === "") return setWrong("words");
    if (hasDay && (day === null || day <= task.due)) return setWrong("day");
    if (act === "report" && !isPercent) return setWrong("percent");
    const evidence = picked.map((one) => one.id);
    onAct(actOf(act, { words: said, percent, day, evidence }));
  };
  return (
    <FormDialog
      title={t(`task.act.${act}`)}
      text={task.title}
      label={t(`task.act.${act}`)}
      busy={busy}
      error={error}
      initialFocus={words}
      testId="task-act-dialog"
      sendTestId="task-act-send"
      onInput={() => setWrong(null)}
      onSubmit={submit}
      onClose={onClose}
    >
      {act === "answer_extension" && (
        <>
          <p className={css.quiet}>
            {t("task.asksUntil", { day: showDay(asked), reason: extension?.reason ?? "" })}
          </p>
          <Segmented
            label={t("task.answer.label")}
            value={granted ? "yes" : "no"}
            options={(["yes", "no"] as const).map((value) => ({
              value,
              label: t(`task.answer.${value}`),
            }))}
            onChange={(value) => {
              setGranted(value === "yes");
              setWrong(null);
            }}
          />
        </>
      )}
      {hasDay && (
        <DueField
          label={t("task.field.until")}
          defaultValue={showDay(asked)}
          onInput={setDue}
          onBlur={() => undefined}
          problem={wrong === "day" ? t("task.wrong.day", { day: showDay(task.due) }) : undefined}
          note={t("task.present", { day: showDay(task.due) })}
          from={from}
        />
      )}
      <div>
        <label className={field.label} htmlFor={`${id}-words`}>
          {t(`task.words.${act}`)}
        </label>
        <textarea
          ref={words}
          id={`${id}-words`}
          name="words"
          className={cx(box.input, css.words, wrong === "words" && box.wrong)}
          rows={3}
          maxLength={shows ? 4000 : 500}
          aria-invalid={wrong === "words"}
          data-testid="task-words"
        />
        {wrong === "words" && <p className={box.problem}>{t("task.wrong.words")}</p>}
      </div>
      {act === "report" && (
        <TextField
          className={css.percent}
          name="percent"
          label={t("task.field.percent")}
          defaultValue={String(task.percent)}
          inputMode="numeric"
          problem={wrong === "percent" ? t("task.wrong.percent") : undefined}
          autoComplete="off"
          data-testid="task-percent"
        />
      )}
      {shows && <DocumentPick picked={picked} onPicked={setPicked} />}
    </FormDialog>
  );
}

interface Filled {
  words: string;
  percent: number;
  day: string | null;
  evidence: string[];
}

function actOf(act: Asking, { words, percent, day, evidence }: Filled): TaskActDto {
  switch (act) {
    case "report":
      return { act, text: words, percent, evidence };
    case "finish":
      return { act, text: words, evidence };
    case "accept":
      return { act, note: words };
    case "ask_extension":
      return { act, until: day ?? "", reason: words };
    case "answer_extension":
      return { act, until: day, reason: words };
    case "send_back":
    case "withdraw":
      return { act, reason: words };
  }
}
