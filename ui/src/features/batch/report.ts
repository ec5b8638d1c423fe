import type { TFunction } from "i18next";
import type { BatchItem, BatchView, ErrorCode } from "../../generated/types";
import { formatDateTime } from "../../shared/format";

/** How many documents came to what. */
export interface Tally {
  signed: number;
  /** Skipped or failed: each has its own reason. */
  notSigned: number;
  untouched: number;
}

export function tally(batch: Pick<BatchView, "items">): Tally {
  const count = (...states: Array<BatchItem["state"]>) =>
    batch.items.filter((item) => states.includes(item.state)).length;
  return {
    signed: count("SIGNED"),
    notSigned: count("SKIPPED", "FAILED"),
    untouched: count("UNTOUCHED", "WAITING", "PREPARING", "SIGNING"),
  };
}

/** What happened to a document, in words. */
export function reasonOf(item: Pick<BatchItem, "code" | "reason">, t: TFunction): string | null {
  if (item.code === null) return null;
  return sentence("err", item.code, item.reason, t);
}

/** A sentence of the error catalogue; the completeness test proves that each code has one. */
function sentence(
  part: "err" | "safe" | "rec",
  code: ErrorCode,
  reason: string | null,
  t: TFunction,
): string {
  const say = t as unknown as (key: string, options?: object) => string;
  const known = reason === null ? "" : say(`refused.${reason}`, { defaultValue: reason });
  return say(`${part}.${code}`, { replace: { reason: known } });
}

/** The report as text: for the clipboard and for a file. One line per document. */
export function reportText(batch: BatchView, t: TFunction): string {
  const { signed, notSigned, untouched } = tally(batch);
  const head = [
    t("batch.report.title", { when: formatDateTime(batch.started) }),
    t("batch.report.token", { token: batch.token }),
    t("batch.report.counts", { signed, notSigned, untouched, total: batch.items.length }),
  ];
  if (batch.stopped_by !== null) {
    const why = sentence("err", batch.stopped_by, null, t).replace("{{token}}", batch.token);
    head.push(t("batch.report.stopped", { why, code: batch.stopped_by }));
  }
  const lines = batch.items.map((item, i) => {
    const state = t(`batch.state.${item.state}`);
    const facts = [state, item.level, reasonOf(item, t), item.code && `(${item.code})`];
    return `${i + 1}. ${item.title}: ${facts.filter(Boolean).join(" ")}`;
  });
  return [...head, "", ...lines, ""].join("\n");
}
