import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import type {
  BookEntryDto,
  LoanEntryDto,
  MailEntryDto,
  OutgoingEntryDto,
  RegisterColumn,
  RegisterProgress,
  TrackingEntryDto,
} from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { showDay } from "../intake/days";

type Tone = "neutral" | "warn" | "danger" | "ok";

const TONES: Record<RegisterProgress, Tone> = {
  open: "neutral",
  near: "warn",
  overdue: "danger",
  done_in_time: "ok",
  done_late: "neutral",
};

/** A cell of the register of what comes in. */
export function incomingCell(t: TFunction, entry: BookEntryDto, column: RegisterColumn): ReactNode {
  switch (column) {
    case "arrived":
      return showDay(entry.arrived_on);
    case "number":
      if (entry.number === null) {
        return (
          <>
            <Badge tone="warn">{t("book.waits")}</Badge>
            <small>{entry.provisional}</small>
          </>
        );
      }
      return (
        <>
          <b>{entry.number}</b>
          {entry.is_void && <Badge tone="neutral">{t("book.void")}</Badge>}
        </>
      );
    case "issuer":
      return entry.issuer;
    case "notation":
      return entry.notation;
    case "issued":
      return showDay(entry.issued_on);
    case "subject":
      return (
        <>
          {entry.subject}
          {entry.activity !== "" && <small>{t("book.activity", { name: entry.activity })}</small>}
        </>
      );
    case "activity":
      return entry.activity;
    case "receivers":
      return entry.receivers;
    case "passed":
      return showDay(entry.passed_on);
    case "acknowledged":
      return entry.acknowledged;
    case "note":
      return entry.note;
    default:
      return null;
  }
}

/** A cell of the register of what goes out. */
export function outgoingCell(
  t: TFunction,
  entry: OutgoingEntryDto,
  column: RegisterColumn,
): ReactNode {
  switch (column) {
    case "notation":
      return (
        <>
          <b>{entry.notation}</b>
          {entry.number === null && <Badge tone="warn">{t("book.waits")}</Badge>}
          {entry.is_void && <Badge tone="neutral">{t("book.void")}</Badge>}
        </>
      );
    case "issued":
      return showDay(entry.issued_on);
    case "subject":
      return entry.subject;
    case "signer":
      return entry.signer;
    case "recipients":
      return entry.recipients;
    case "kept":
      return entry.kept;
    case "copies":
      return entry.copies;
    case "sent":
      return showDay(entry.sent_on);
    case "acknowledged":
      return entry.copies === null
        ? null
        : t("book.received", { count: entry.received, of: entry.copies });
    case "note":
      return entry.note;
    default:
      return null;
  }
}

/** A cell of the register that follows the handling. */
export function trackingCell(
  t: TFunction,
  entry: TrackingEntryDto,
  column: RegisterColumn,
): ReactNode {
  switch (column) {
    case "number":
      return <b>{entry.number}</b>;
    case "described":
      return entry.described;
    case "receivers":
      return entry.receivers;
    case "due":
      return showDay(entry.due);
    case "progress":
      return (
        <>
          <Badge tone={TONES[entry.progress]}>{t(`book.progress.${entry.progress}`)}</Badge>
          {entry.done_on !== "" && <small>{showDay(entry.done_on)}</small>}
        </>
      );
    case "reply":
      return entry.reply;
    case "note":
      return entry.note;
    default:
      return null;
  }
}

/** A cell of the register of what went by post. */
export function mailCell(entry: MailEntryDto, column: RegisterColumn): ReactNode {
  switch (column) {
    case "sent":
      return showDay(entry.on);
    case "notation":
      return <b>{entry.notation}</b>;
    case "recipients":
      return entry.to;
    case "envelopes":
      return entry.envelopes;
    case "subject":
      return entry.subject;
    case "note":
      return entry.note;
    default:
      return null;
  }
}

/** A cell of the register of who used a file copy. */
export function loanCell(t: TFunction, entry: LoanEntryDto, column: RegisterColumn): ReactNode {
  switch (column) {
    case "lent":
      return showDay(entry.on);
    case "borrower":
      return <b>{entry.borrower}</b>;
    case "lent_document":
      return entry.described;
    case "subject":
      return entry.subject;
    case "dossier":
      return entry.dossier;
    case "returned":
      return entry.returned_on === "" ? (
        <Badge tone="warn">{t("paper.out")}</Badge>
      ) : (
        showDay(entry.returned_on)
      );
    case "permitted":
      return entry.permitted_by;
    case "note":
      return entry.note;
    default:
      return null;
  }
}
