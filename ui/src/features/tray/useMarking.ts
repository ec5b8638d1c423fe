import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TrayRow, UnreadReason } from "../../generated/types";
import { CommandError, host } from "../../platform";
import type { ReadingState } from "./useReadingState";

/** Marking what is to be signed, and why it could not be marked. */
export function useMarking(
  row: TrayRow | undefined,
  reading: ReadingState,
  unreadAllowed: boolean,
  select: (row: TrayRow) => void,
) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [told, setTold] = useState<string | null>(null);
  const [asking, setAsking] = useState<TrayRow | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document has nothing told yet.
  useEffect(() => setTold(null), [reading.of, reading.mayMark]);

  const mark = useMutation({
    mutationFn: (args: { row: TrayRow; unread: UnreadReason | null }) =>
      host().call("tray_mark", {
        document: args.row.document,
        shown: args.row.sha256,
        marked: !args.row.marked,
        unread: args.unread,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ["signing", "signing_tray"] }),
    onError: (error) => {
      if (CommandError.from(error).code === "READING_REQUIRED") tellUnread();
    },
  });
  const tellUnread = () => {
    const { unread, pages } = reading;
    if (unread === null || unread.length === 0) {
      setTold(t("tray.unreadSome", { count: pages ?? 1 }));
      return;
    }
    setTold(t("tray.unreadPages", { pages: unread.map((each) => each + 1).join(", ") }));
    const first = unread[0];
    if (first !== undefined) reading.goTo(first);
  };
  return {
    /** Why the last try to mark did not. */
    told,
    tell: setTold,
    toggle: (of: TrayRow) => {
      if (of.document !== row?.document) {
        select(of);
        if (!of.marked && !of.may_mark) return;
      } else if (!of.marked && !reading.mayMark && !of.may_mark) {
        tellUnread();
        return;
      }
      mark.mutate({ row: of, unread: null });
    },
    /** What somebody wants to mark unread; the reason is asked for. */
    asking,
    askUnread: () => {
      if (row !== undefined && told !== null && unreadAllowed) setAsking(row);
    },
    markUnread: (reason: UnreadReason) => {
      if (asking !== null) mark.mutate({ row: asking, unread: reason });
    },
    cancelUnread: () => setAsking(null),
  };
}
