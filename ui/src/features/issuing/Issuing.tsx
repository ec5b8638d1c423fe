import { useTranslation } from "react-i18next";
import type { HandlingDto, OutgoingDto } from "../../generated/types";
import { formatDateTime } from "../../shared/format";
import { showDay } from "../intake/days";
import { OnPaper } from "../paper/OnPaper";
import { Deliveries } from "./Deliveries";
import css from "./Issuing.module.css";

interface IssuingProps {
  handling: HandlingDto;
  outgoing: OutgoingDto;
  /** Whether the server has everything that was done here. */
  sent: boolean;
}

/** What comes after the leader's signature: number and day, the agency's signature, the issue and what
 * became of it; and that a new version has to take the place of what was signed and sent back. */
export function Issuing({ handling, outgoing, sent }: IssuingProps) {
  const { t } = useTranslation();
  const { numbered, sealed, issued } = outgoing;
  return (
    <>
      {outgoing.to_replace && handling.state === "draft" && (
        <p className={css.replace} data-testid="to-replace">
          {t("issuing.toReplace")}
        </p>
      )}
      {["signed", "issued", "filed"].includes(handling.state) && (
        <section>
          <h2 className={css.title}>{t("issuing.title")}</h2>
          <dl className={css.steps} data-testid="issuing-steps">
            <Step
              id="number"
              what={numbered?.notation ?? null}
              note={
                numbered?.issued_on == null
                  ? ""
                  : t("issuing.numberOf", { day: showDay(numbered.issued_on), who: numbered.by })
              }
              without={t(numbered === null ? "issuing.notYet" : "issuing.numberWaits")}
              waits={numbered !== null}
            />
            <Step
              id="seal"
              what={sealed?.by ?? null}
              note={sealed === null ? "" : formatDateTime(sealed.at)}
              without={t("issuing.notYet")}
            />
            <Step
              id="issue"
              what={issued?.by ?? null}
              note={issued === null ? "" : formatDateTime(issued.at)}
              without={t("issuing.notYet")}
            />
          </dl>
        </section>
      )}
      {issued !== null && <Deliveries outgoing={outgoing} sent={sent} />}
      <OnPaper outgoing={outgoing} />
    </>
  );
}

interface StepProps {
  id: "number" | "seal" | "issue";
  /** What came of it; none before it was done. */
  what: string | null;
  note: string;
  /** What is said before that. */
  without: string;
  /** Whether it was asked for and waits for the server. */
  waits?: boolean;
}

function Step({ id, what, note, without, waits = false }: StepProps) {
  const { t } = useTranslation();
  return (
    <div className={css.step} data-step={id} data-done={what !== null} data-waits={waits}>
      <dt>{t(`issuing.step.${id}`)}</dt>
      <dd>
        <span className={what === null ? css.quiet : css.name}>{what ?? without}</span>
        {note !== "" && <span className={css.quiet}>{note}</span>}
      </dd>
    </div>
  );
}
