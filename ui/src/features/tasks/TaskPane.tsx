import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type {
  TaskActDto,
  TaskDetailDto,
  TaskDocumentDto,
  TaskStepDto,
} from "../../generated/types";
import { keyLabel } from "../../keymap";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate, formatDateTime } from "../../shared/format";
import { useShortcut } from "../../shared/useShortcut";
import { showDay } from "../intake/days";
import { ASKING, type Asking, TaskActDialog } from "./TaskActDialog";
import css from "./Tasks.module.css";
import { dueOf, STATE_TONES, stateOf } from "./words";

interface TaskPaneProps {
  id: string;
  onOpenDocument: (id: string, direction: string) => void;
}

/** The acts of the pane, the most wanted first. */
const ACTS = [
  "take_up",
  "accept",
  "answer_extension",
  "report",
  "finish",
  "send_back",
  "ask_extension",
  "withdraw",
] as const;
type PaneAct = (typeof ACTS)[number];

/** A task: what was given, what may be done, how far it is. */
export function TaskPane({ id, onOpenDocument }: TaskPaneProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Asking | null>(null);
  const { data, error } = useRead("documents", "task_get", { id });
  const act = useMutation({
    mutationFn: (what: TaskActDto) => host().call("task_act", { id, act: what }),
    onSuccess: async () => {
      setAsking(null);
      await client.invalidateQueries({ queryKey: ["documents"] });
    },
  });
  const first = ACTS.find((one) => data?.allowed.includes(one));
  const start = (what: PaneAct) => {
    act.reset();
    const asked = ASKING.find((one) => one === what);
    if (asked !== undefined) setAsking(asked);
    else act.mutate({ act: "take_up" });
  };
  const isFree = asking === null && !act.isPending;
  useShortcut("main", () => first !== undefined && start(first), first !== undefined && isFree);
  if (data === undefined) {
    return error === null ? null : <ErrorMessage error={error} className={css.error} />;
  }
  const { task } = data;
  const state = stateOf(task);
  const due = dueOf(task, t);
  return (
    <section
      className={css.pane}
      aria-label={task.title}
      data-testid="task-pane"
      data-state={task.state}
    >
      <header className={css.paneHead}>
        <span className={css.entryHead}>
          <Badge tone={STATE_TONES[state]}>{t(`task.state.${state}`)}</Badge>
          <Badge tone={due.tone} {...(due.tone === "neutral" ? {} : { icon: "clock" as const })}>
            {due.words}
          </Badge>
          <span className={css.quiet}>{t("task.percent", { count: task.percent })}</span>
        </span>
        <h2 className={css.title}>{task.title}</h2>
        <div className={css.acts}>
          {ACTS.filter((one) => data.allowed.includes(one)).map((one) => (
            <Button
              key={one}
              tone={one === first ? "main" : "plain"}
              shortcut={one === first ? keyLabel("main") : undefined}
              disabled={act.isPending}
              onClick={() => start(one)}
              data-testid={`task-act-${one}`}
            >
              {t(`task.act.${one}`)}
            </Button>
          ))}
        </div>
      </header>
      {act.error !== null && asking === null && (
        <ErrorMessage error={act.error} className={css.error} />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it. */}
      <section className={css.scroll} tabIndex={0} aria-label={t("task.about")}>
        <Facts detail={data} onOpenDocument={onOpenDocument} />
        <Reports detail={data} onOpenDocument={onOpenDocument} />
        <Steps detail={data} />
      </section>
      {asking !== null && (
        <TaskActDialog
          act={asking}
          detail={data}
          busy={act.isPending}
          error={act.error}
          onAct={(what) => act.mutate(what)}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}

interface PartProps {
  detail: TaskDetailDto;
  onOpenDocument: (id: string, direction: string) => void;
}

/** What was given, by whom, to whom and until when. */
function Facts({ detail, onOpenDocument }: PartProps) {
  const { t } = useTranslation();
  const { task, supports, document, meeting, extension } = detail;
  const rows = [
    ["lead", `${task.lead.name} · ${task.lead.unit}`],
    ["supports", supports.map(({ name, unit }) => `${name} · ${unit}`).join("; ")],
    ["giver", `${task.giver} · ${formatDate(detail.given_at)}`],
    ["due", showDay(task.due)],
    ["doneOn", showDay(detail.done_on ?? "")],
    ["meeting", meeting === null ? "" : `${meeting.name} (${showDay(meeting.held_on)})`],
  ] as const;
  return (
    <>
      {detail.text !== "" && <p className={css.text}>{detail.text}</p>}
      <dl className={css.facts}>
        {rows
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{t(`task.fact.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        {document !== null && (
          <div>
            <dt>{t("task.fact.document")}</dt>
            <dd>
              <DocumentLink document={document} onOpen={onOpenDocument} />
            </dd>
          </div>
        )}
      </dl>
      {extension !== null && (
        <p className={css.asks} data-testid="task-extension">
          {t("task.asksUntil", { day: showDay(extension.until), reason: extension.reason })}
        </p>
      )}
    </>
  );
}

function Reports({ detail, onOpenDocument }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className={css.heading}>{t("task.reports")}</h3>
      {detail.reports.length === 0 ? (
        <p className={css.quiet}>{t("task.noReports")}</p>
      ) : (
        <ul className={css.lines}>
          {[...detail.reports].reverse().map((report) => (
            <li key={`${report.at} ${report.by}`} data-testid="task-report">
              <p>{report.text}</p>
              <p className={css.quiet}>
                {[
                  report.by,
                  formatDateTime(report.at),
                  report.done ? t("task.saysDone") : t("task.percent", { count: report.percent }),
                ].join(" · ")}
              </p>
              {report.evidence.map((document) => (
                <p key={document.id}>
                  <DocumentLink document={document} onOpen={onOpenDocument} />
                </p>
              ))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Steps({ detail }: { detail: TaskDetailDto }) {
  const { t } = useTranslation();
  return (
    <>
      <h3 className={css.heading}>{t("task.steps")}</h3>
      <ul className={css.lines}>
        {[...detail.steps].reverse().map((step) => (
          <li key={`${step.at} ${step.act}`} data-testid="task-step">
            <p>
              {t(`task.did.${stepOf(step)}`, { day: showDay(step.until ?? "") })}
              {step.note !== "" && `: ${step.note}`}
            </p>
            <p className={css.quiet}>
              {step.by} · {formatDateTime(step.at)}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

const STEPS = [
  "give",
  "take_up",
  "accept",
  "send_back",
  "ask_extension",
  "answer_extension",
  "withdraw",
] as const;

/** A step as the catalogue knows it. */
function stepOf({ act, until }: TaskStepDto) {
  if (act === "answer_extension" && until === null) return "refuse_extension";
  return STEPS.find((step) => step === act) ?? "give";
}

interface DocumentLinkProps {
  document: TaskDocumentDto;
  onOpen: (id: string, direction: string) => void;
}

function DocumentLink({ document, onOpen }: DocumentLinkProps) {
  const { t } = useTranslation();
  if (!document.here) return <span className={css.quiet}>{t("dossier.hidden")}</span>;
  return (
    <button
      type="button"
      className={css.link}
      onClick={() => onOpen(document.id, document.direction)}
      data-testid="task-open-document"
    >
      {[document.notation, document.subject].filter((part) => part !== "").join(" · ")}
    </button>
  );
}
