import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DuplicateDto, LetterDetail } from "../../generated/types";
import { CommandError } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { SignatureList } from "../signatures/Signatures";
import css from "./Notes.module.css";
import { pageRanges } from "./pageRanges";

interface NotesProps {
  detail: LetterDetail;
  duplicateRef: RefObject<HTMLButtonElement | null>;
  onOpenDocument: (id: string) => void;
  onDiscard: () => void;
  onDespite: () => void;
}

/** What a clerk should know before the fields: a letter that is here already, a poor scan, signatures. */
export function Notes({ detail, duplicateRef, onOpenDocument, onDiscard, onDespite }: NotesProps) {
  const { t } = useTranslation();
  const { card, warnings, department, duplicates } = detail;
  return (
    <>
      {duplicates[0] !== undefined && (
        <section
          className={css.duplicate}
          aria-label={t("intake.duplicate")}
          data-testid="duplicate"
        >
          <p className={css.title}>
            <Icon name="copy" />
            {t(`intake.same.${duplicates[0].reason}` as "intake.same.NOTATION")}
          </p>
          {duplicates.map((other) => (
            <Earlier
              key={other.document ?? other.letter}
              detail={detail}
              other={other}
              onOpen={onOpenDocument}
            />
          ))}
          <div className={css.acts}>
            <Button
              ref={duplicateRef}
              icon="trash"
              onClick={onDiscard}
              data-testid="duplicate-discard"
            >
              {t("intake.discardScan")}
            </Button>
            <Button tone="quiet" onClick={onDespite} data-testid="duplicate-despite">
              {t("intake.acceptDespite")}
            </Button>
          </div>
        </section>
      )}
      {card.code !== null && <ErrorMessage error={new CommandError(card.code)} />}
      {warnings.length > 0 && (
        <p className={css.warning} data-testid="scan-warning">
          <Icon name="warning" />
          <span>
            {warnings
              .map(({ what, pages }) => t(`intake.warning.${what}`, { pages: pageRanges(pages) }))
              .join(" ")}{" "}
            {warnings.some(({ what }) => what !== "NO_ROOM_FOR_STAMP") && t("intake.warning.rest")}
          </span>
        </p>
      )}
      {department !== null && (
        <p className={css.quiet}>{t("intake.department", { name: department })}</p>
      )}
      {card.signed && <Signed sha256={detail.pages[0]?.sha256} />}
    </>
  );
}

/** The earlier entry beside this letter, line for line. */
function Earlier({
  detail,
  other,
  onOpen,
}: {
  detail: LetterDetail;
  other: DuplicateDto;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation();
  const rows: ReadonlyArray<[string, string, string]> = [
    [t("intake.field.notation"), detail.fields.notation, other.notation],
    [t("intake.field.issuer"), detail.fields.issuer, other.issuer],
    [t("intake.field.subject"), detail.fields.subject, other.subject],
  ];
  const document = other.document;
  return (
    <table className={css.beside}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("intake.thisOne")}</th>
          <th scope="col">
            {document === null
              ? t("intake.otherLetter")
              : other.number === null
                ? t("intake.inBook")
                : t("document.arrival", { number: other.number })}
            {other.arrived_at !== null && ` · ${formatDate(other.arrived_at)}`}
            {document !== null && (
              <button type="button" className={css.link} onClick={() => onOpen(document)}>
                {t("intake.open")}
              </button>
            )}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, mine, theirs]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              <span className={css.clamp}>{mine}</span>
            </td>
            <td className={mine === theirs ? undefined : css.differs}>
              <span className={css.clamp}>{theirs}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Signed({ sha256 }: { sha256: string | undefined }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <section className={css.signed} aria-label={t("panel.signatures")}>
      <p className={css.title}>
        <Icon name="seal" />
        {t("intake.signedText")}
      </p>
      <Button tone="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? "intake.hideSignatures" : "intake.showSignatures")}
      </Button>
      {open && sha256 !== undefined && <SignatureList sha256={sha256} />}
    </section>
  );
}
