import { useSettings } from "../../api/settings";
import type { RegisterColumn, RegisterKind } from "../../generated/types";

/** The columns of Decree 30/2020, Appendix IV, in its order. */
const DECREE: Record<RegisterKind, readonly RegisterColumn[]> = {
  incoming: [
    "arrived",
    "number",
    "issuer",
    "notation",
    "issued",
    "subject",
    "receivers",
    "passed",
    "acknowledged",
    "note",
  ],
  outgoing: [
    "notation",
    "issued",
    "subject",
    "signer",
    "recipients",
    "kept",
    "copies",
    "sent",
    "acknowledged",
    "note",
  ],
  tracking: ["number", "described", "receivers", "due", "progress", "reply", "note"],
  mail: ["sent", "notation", "recipients", "envelopes", "stamped", "note"],
  loans: [
    "lent",
    "borrower",
    "lent_document",
    "subject",
    "dossier",
    "acknowledged",
    "returned",
    "permitted",
    "note",
  ],
};

/** Columns that a register can show besides. */
const FURTHER: Record<RegisterKind, readonly RegisterColumn[]> = {
  incoming: ["activity"],
  outgoing: [],
  tracking: [],
  mail: ["subject"],
  loans: [],
};

/** Width of a column: on a wide window, and on a small one. */
export const WIDTHS: Record<RegisterColumn, readonly [string, string]> = {
  arrived: ["90px", "80px"],
  number: ["66px", "64px"],
  issuer: ["minmax(100px, 1.1fr)", "minmax(94px, 1fr)"],
  notation: ["minmax(84px, 0.8fr)", "minmax(82px, 0.8fr)"],
  issued: ["90px", "80px"],
  subject: ["minmax(170px, 2.2fr)", "minmax(150px, 2fr)"],
  receivers: ["minmax(80px, 0.9fr)", "minmax(76px, 0.8fr)"],
  passed: ["90px", "80px"],
  acknowledged: ["minmax(76px, 0.8fr)", "minmax(70px, 0.7fr)"],
  note: ["minmax(70px, 0.8fr)", "minmax(64px, 0.7fr)"],
  activity: ["minmax(80px, 0.8fr)", "minmax(70px, 0.7fr)"],
  signer: ["minmax(90px, 0.8fr)", "minmax(80px, 0.7fr)"],
  recipients: ["minmax(110px, 1.2fr)", "minmax(100px, 1fr)"],
  kept: ["minmax(74px, 0.5fr)", "minmax(70px, 0.5fr)"],
  copies: ["60px", "56px"],
  sent: ["90px", "80px"],
  described: ["minmax(200px, 2.2fr)", "minmax(180px, 2fr)"],
  due: ["92px", "86px"],
  progress: ["minmax(110px, 0.9fr)", "minmax(104px, 0.8fr)"],
  reply: ["minmax(84px, 0.8fr)", "minmax(82px, 0.8fr)"],
  envelopes: ["60px", "56px"],
  stamped: ["minmax(90px, 0.9fr)", "minmax(80px, 0.8fr)"],
  lent: ["90px", "80px"],
  borrower: ["minmax(96px, 1fr)", "minmax(88px, 0.9fr)"],
  lent_document: ["minmax(96px, 1fr)", "minmax(88px, 0.9fr)"],
  dossier: ["minmax(70px, 0.6fr)", "minmax(66px, 0.6fr)"],
  returned: ["90px", "80px"],
  permitted: ["minmax(96px, 1fr)", "minmax(88px, 0.9fr)"],
};

export interface Columns {
  shown: readonly RegisterColumn[];
  /** All that there are, in their order. */
  all: readonly RegisterColumn[];
  isDecree: boolean;
  choose: (columns: readonly RegisterColumn[]) => void;
  restore: () => void;
}

/** What a register shows: the decree's columns until others were chosen, which is remembered. */
export function useColumns(register: RegisterKind): Columns {
  const { read, remember } = useSettings();
  const key = `book.columns.${register}`;
  const decree = DECREE[register];
  const all = [...decree, ...FURTHER[register]];
  const chosen = (read(key) ?? "").split(" ");
  const known = all.filter((column) => chosen.includes(column));
  const shown = known.length > 0 ? known : decree;
  return {
    shown,
    all,
    isDecree: shown.join(" ") === decree.join(" "),
    choose: (columns) => void remember(key, columns.join(" ")),
    restore: () => void remember(key, ""),
  };
}
