import { useTranslation } from "react-i18next";
import type { DraftVersionDto, HandlingDto, OutgoingDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { formatDateTime } from "../../shared/format";
import css from "./DraftCourse.module.css";

interface DraftCourseProps {
  handling: HandlingDto;
  outgoing: OutgoingDto;
  /** Puts an earlier version beside the one that counts. */
  onBeside: ((version: DraftVersionDto) => void) | undefined;
}

interface Part {
  id: "drafter" | "reviewer" | "supports" | "checker" | "initials" | "signer";
  people: ReadonlyArray<{ name: string; note: string }>;
  /** Whether it waits for these now. */
  turn: boolean;
}

/** Who has to do with a draft and whose turn it is, why it came back, and its versions. */
export function DraftCourse({ handling, outgoing, onBeside }: DraftCourseProps) {
  const { t } = useTranslation();
  const back = outgoing.sent_back;
  return (
    <>
      {back !== null && handling.state === "draft" && (
        <p className={css.back} data-testid="draft-sent-back">
          <b>{t("draft.sentBack", { who: back.by, at: formatDateTime(back.at) })}</b> {back.reason}
        </p>
      )}
      <section>
        <h2 className={css.title}>{t("draft.people")}</h2>
        <dl className={css.parts} data-testid="draft-people">
          {useParts(handling, outgoing).map((part) => (
            <div key={part.id} className={css.part} data-turn={part.turn} data-part={part.id}>
              <dt>{t(`draft.part.${part.id}`)}</dt>
              <dd>
                {part.people.map((one) => (
                  <span key={one.name} className={css.person}>
                    <span className={css.name}>{one.name}</span>
                    {one.note !== "" && <span className={css.quiet}>{one.note}</span>}
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {outgoing.versions.length > 0 && (
        <Versions versions={outgoing.versions} onBeside={onBeside} />
      )}
    </>
  );
}

/** In the order in which a draft goes through their hands; who is not named yet is left out. */
function useParts(handling: HandlingDto, outgoing: OutgoingDto): Part[] {
  const { t } = useTranslation();
  const { state } = handling;
  const somebody = t("course.somebody");
  const one = (name: string | null, note = "") =>
    name === null ? [] : [{ name: name || somebody, note }];
  const asked = handling.receivers.filter((receiver) => receiver.role === "support");
  const parts: Part[] = [
    {
      id: "drafter",
      people: one(outgoing.drafter, t("draft.symbolIs", { symbol: outgoing.symbol })),
      turn: state === "draft",
    },
    { id: "reviewer", people: one(outgoing.reviewer), turn: state === "content_review" },
    {
      id: "supports",
      people: asked.map((receiver) => ({ name: receiver.name || somebody, note: receiver.unit })),
      turn: false,
    },
    {
      id: "checker",
      people:
        outgoing.checker === null && state === "format_review"
          ? one(t("draft.registry"))
          : one(outgoing.checker),
      turn: state === "format_review",
    },
    {
      id: "initials",
      people: outgoing.initials.map(({ name, at }) => ({
        name: name || somebody,
        note: at === null ? t("draft.notYet") : formatDateTime(at),
      })),
      turn: state === "awaiting_initials",
    },
    { id: "signer", people: one(handling.director), turn: state === "awaiting_signature" },
  ];
  return parts.filter((part) => part.people.length > 0);
}

interface VersionsProps {
  versions: readonly DraftVersionDto[];
  onBeside: ((version: DraftVersionDto) => void) | undefined;
}

/** The versions, the one that counts first. */
function Versions({ versions, onBeside }: VersionsProps) {
  const { t } = useTranslation();
  const last = versions.at(-1);
  return (
    <section>
      <h2 className={css.title}>{t("draft.versions")}</h2>
      <ol className={css.versions} data-testid="draft-versions">
        {versions.toReversed().map((version) => (
          <li key={version.number} className={css.version} data-number={version.number}>
            <p>
              <b>{t("draft.version", { number: version.number })}</b>{" "}
              {version === last && <span className={css.quiet}>· {t("draft.counts")}</span>}
            </p>
            {version !== last && onBeside !== undefined ? (
              <Button
                tone="quiet"
                icon="compare"
                onClick={() => onBeside(version)}
                data-testid="version-beside"
              >
                {t("draft.beside")}
              </Button>
            ) : (
              <span />
            )}
            {version.text !== "" && <p className={css.whole}>{version.text}</p>}
            <p className={cx(css.quiet, css.whole)}>
              {version.by || t("course.somebody")} · {formatDateTime(version.at)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
