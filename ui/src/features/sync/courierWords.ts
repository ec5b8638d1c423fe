import type { TFunction } from "i18next";
import type { CourierCarried, CourierReceived, CourierWritten } from "../../generated/types";
import { formatShort, formatSize } from "../../shared/format";

interface Words {
  t: TFunction;
  language: string;
}

/** What a bundle holds and what comes next. */
export function written(done: CourierWritten, { t, language }: Words): string[] {
  const size = formatSize(done.size, language);
  const lines = [
    t("courier.written", { name: done.name, size, acts: done.acts, files: done.files }),
  ];
  if (done.left > 0) lines.push(t("courier.left", { count: done.left }));
  lines.push(t("courier.writtenNext"));
  return lines;
}

/** Whose bundle arrived, and where its answer is. */
export function carried(done: CourierCarried, { t, language }: Words): string[] {
  const size = (bytes: number) => formatSize(bytes, language);
  return [
    t("courier.carried", { office: done.office, size: size(done.size) }),
    t("courier.carriedNext", { name: done.answer, size: size(done.answer_size) }),
  ];
}

/** What an answer has brought, and whether another bundle is needed. */
export function received(done: CourierReceived, { t }: Words): string[] {
  if (done.refused !== null) return [t("courier.refused", { code: done.refused })];
  const lines: string[] = [];
  if (done.answered_at !== null) {
    lines.push(t("courier.answeredAt", { at: formatShort(done.answered_at, Date.now()) }));
  }
  const counts = [
    ["applied", done.applied],
    ["trouble", done.trouble],
    ["changed", done.changed],
    ["removed", done.removed],
    ["files", done.files],
  ] as const;
  const news = counts.filter(([, count]) => count > 0);
  for (const [what, count] of news) lines.push(t(`courier.received.${what}`, { count }));
  if (news.length === 0) lines.push(t("courier.received.nothing"));
  if (done.more) lines.push(t("courier.more"));
  return lines;
}
