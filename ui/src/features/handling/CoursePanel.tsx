import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type {
  DocumentDetail,
  DraftVersionDto,
  HandlingDto,
  ReceiverDto,
} from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { formatDate, formatDateTime } from "../../shared/format";
import { useNow } from "../../shared/useNow";
import { useNamedDays } from "../calendar/useNamedDays";
import { MakeButtons } from "../copies/MakeButtons";
import { Related } from "../copies/Related";
import { Flow } from "../document/Flow";
import { roleWord, stateWord } from "../document/words";
import { DraftCourse } from "../drafts/DraftCourse";
import { DropDraft } from "../drafts/DropDraft";
import { todayHere } from "../intake/days";
import { Issuing } from "../issuing/Issuing";
import { signedStep } from "../issuing/words";
import { dueInWords } from "../list/due";
import { Asked } from "./Asked";
import { ACT_ICONS, ACTS, actName, allowedActs } from "./acts";
import css from "./CoursePanel.module.css";
import { workingDaysUntil } from "./days";
import { OwnActs } from "./OwnActs";
import type { Acting } from "./useHandling";

/** What makes a document. */
const MADE: readonly string[] = ["draft_document", "copy_document"];

interface CoursePanelProps {
  detail: DocumentDetail;
  acting: Acting;
  /** Puts an earlier version of a draft beside the one that counts. */
  onBeside?: ((version: DraftVersionDto) => void) | undefined;
}

/** Where a document stands, who has it and until when, what this person may do, what happened. */
export function CoursePanel({ detail, acting, onBeside }: CoursePanelProps) {
  const { t } = useTranslation();
  const { handling } = acting;
  const allowed = allowedActs(handling);
  const outgoing = handling?.outgoing;
  const onlyHere = outgoing?.only_here === true;
  const mayMake = ["copy", "amend"].some((act) => handling?.allowed.includes(act));
  return (
    <div className={css.course} data-testid="course">
      {handling !== undefined && (
        <>
          <Standing detail={detail} handling={handling} />
          <Asked handling={handling} />
          {(allowed.length > 0 || handling.undoable || onlyHere || mayMake) && (
            <div className={css.acts} role="toolbar" aria-label={t("course.acts")}>
              {allowed.map((act) => (
                <Button
                  key={act}
                  icon={ACT_ICONS[act]}
                  shortcut={keyLabel(`act.${act}`)}
                  onClick={() => acting.start(act)}
                  data-testid={`course-act-${act}`}
                >
                  {t(actName(act, handling))}
                </Button>
              ))}
              {handling.undoable && (
                <Button
                  tone="quiet"
                  icon="undo"
                  shortcut={keyLabel("act.undo")}
                  onClick={acting.undo}
                  data-testid="act-undo"
                >
                  {t("act.undo")}
                </Button>
              )}
              {onlyHere && <DropDraft acting={acting} />}
              {mayMake && <MakeButtons detail={detail} handling={handling} />}
            </div>
          )}
          {outgoing === undefined ? (
            <People receivers={handling.receivers} open={isOpen(handling)} />
          ) : (
            <>
              <Issuing
                handling={handling}
                outgoing={outgoing}
                sent={detail.row.sent === "settled"}
              />
              <DraftCourse handling={handling} outgoing={outgoing} onBeside={onBeside} />
            </>
          )}
          <Related handling={handling} />
          {handling.resolution !== null && (
            <section>
              <h2 className={css.title}>{t("course.resolution")}</h2>
              {handling.resolution.reply !== null && (
                <p>{t("course.reply", { title: handling.resolution.reply_title || "…" })}</p>
              )}
              {handling.resolution.text !== "" && <p>{handling.resolution.text}</p>}
              <p className={css.quiet}>
                {handling.resolution.by} · {formatDateTime(handling.resolution.at)}
              </p>
            </section>
          )}
        </>
      )}
      <section>
        <h2 className={css.title}>{t("course.happened")}</h2>
        {detail.row.sent !== "settled" && <UnsentActs document={detail.row.id} />}
        <Flow steps={detail.flow} />
      </section>
    </div>
  );
}

/** Whether there is still something to do. */
function isOpen({ state }: HandlingDto): boolean {
  return state !== "resolved" && state !== "filed";
}

/** One sentence for where it is, and the deadline with what remains. */
function Standing({ detail, handling }: { detail: DocumentDetail; handling: HandlingDto }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const named = useNamedDays();
  const { row } = detail;
  const { outgoing } = handling;
  const due = dueInWords(row, now, t);
  const holder = handling.receivers.find((one) => one.holds);
  const facts = {
    who: holder?.name || t("course.somebody"),
    unit: holder?.unit ?? "",
    director: handling.director ?? t("course.somebody"),
    dossier: handling.dossier,
  };
  const sentence = (() => {
    switch (handling.state) {
      case "received":
      case "registered":
        return t(`course.at.${handling.state}`);
      case "presented":
        return t("course.at.presented", facts);
      case "directed":
        return holder === undefined ? stateWord("directed", t) : t("course.at.directed", facts);
      case "in_progress":
        return holder === undefined
          ? stateWord("in_progress", t)
          : t("course.at.in_progress", facts);
      case "resolved":
        return t("course.at.resolved", { who: handling.resolution?.by || facts.who });
      case "filed":
        return t(handling.dossier === "" ? "course.at.filed" : "course.at.filedIn", facts);
      case "draft":
        return t("course.at.draft", { who: outgoing?.drafter || facts.who });
      case "content_review":
        return t("course.at.content_review", { who: outgoing?.reviewer || facts.who });
      case "format_review":
        return t("course.at.format_review");
      case "awaiting_initials":
        return t("course.at.awaiting_initials", {
          who: (outgoing?.initials ?? [])
            .filter((one) => one.at === null)
            .map((one) => one.name || t("course.somebody"))
            .join(", "),
        });
      case "awaiting_signature":
        return handling.director === null
          ? stateWord(handling.state, t)
          : t("course.at.awaiting_signature", facts);
      case "signed": {
        const step = signedStep(handling);
        return step === null ? stateWord(handling.state, t) : t(step);
      }
      case "issued":
        return t("course.at.issued");
      default:
        return stateWord(handling.state, t);
    }
  })();
  const open = isOpen(handling);
  const isOwnDue = handling.due_at !== row.due_at && row.due_at !== null;
  const left =
    row.due_at === null ? 0 : workingDaysUntil(todayHere(now), todayHere(row.due_at), named);
  return (
    <section className={css.standing} data-state={handling.state} data-testid="course-standing">
      <p className={css.sentence}>{sentence}</p>
      {handling.director !== null && outgoing === undefined && handling.receivers.length > 0 && (
        <p className={css.quiet}>{t("course.directedBy", { who: handling.director })}</p>
      )}
      {row.due_at !== null && (
        <p className={css.due}>
          {t(isOwnDue ? "course.dueOwn" : "course.due", { day: formatDate(row.due_at) })}
          {open && due !== null && (
            <Badge tone={due.tone} icon="clock">
              {due.words}
            </Badge>
          )}
          {open && left > 0 && (
            <span className={css.quiet}>
              {t("course.workingDays", {
                count: left,
              })}
            </span>
          )}
        </p>
      )}
      {isOwnDue && handling.due_at !== null && (
        <p className={css.quiet} data-testid="course-due-whole">
          {t("course.dueWhole", { day: formatDate(handling.due_at) })}
        </p>
      )}
    </section>
  );
}

const ROLE_TONES = { lead: "accent", support: "neutral", inform: "neutral" } as const;

function People({ receivers, open }: { receivers: readonly ReceiverDto[]; open: boolean }) {
  const { t } = useTranslation();
  if (receivers.length === 0) return null;
  return (
    <section>
      <h2 className={css.title}>{t("course.people")}</h2>
      <ul className={css.people} data-testid="course-people">
        {receivers.map((one) => (
          <li key={`${one.account} ${one.role}`} className={css.person} data-holds={one.holds}>
            <Badge tone={ROLE_TONES[one.role as "lead"] ?? "neutral"}>
              {roleWord(one.role, t)}
            </Badge>
            <span className={css.who}>
              <span className={css.name}>{one.name || t("course.somebody")}</span>
              <span className={css.quiet}>
                {[
                  one.unit,
                  one.due_at === null ? "" : t("course.until", { day: formatDate(one.due_at) }),
                  one.holds && open ? t("course.holds") : "",
                ]
                  .filter((fact) => fact !== "")
                  .join(" · ")}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Acts of this machine that the server has not shown yet, and those it did not take. */
function UnsentActs({ document }: { document: string }) {
  const { data: entries = [] } = useRead("sync", "outbox_list", {});
  const own = entries.filter(
    (entry) =>
      entry.document === document &&
      (ACTS.some((act) => act === entry.kind) || MADE.includes(entry.kind)) &&
      (entry.state === "waiting" || !entry.dismissed) &&
      entry.state !== "received",
  );
  return own.length === 0 ? null : <OwnActs entries={own} />;
}
