import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf, useRead } from "../../api/query";
import type { HandlingActDto, HandlingDto } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { host } from "../../platform";
import { useNotice } from "../../shared/Toasts";
import { type ActKind, actName, type FormKind, isAtOnce } from "./acts";

/** How a document is being handled, and what can be done about it here. */
export type Acting = ReturnType<typeof useHandling>;

interface Args {
  document: string;
  /** What the document is called: another may be in sight when it is done. */
  title: string;
  kind: ActKind;
  /** What the act is called where the document stood. */
  name: string;
  act: HandlingActDto;
}

/** Reads where a document stands, does acts on it and takes them back; `here` is whether it is on the
 * desk, `title` what it is called. An act counts here when this returns; the network is not asked. */
export function useHandling(document: string, here: boolean, title: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const [form, setForm] = useState<{ document: string; act: FormKind } | null>(null);
  const { data, error, refetch } = useRead(
    "documents",
    "document_handling",
    { id: document },
    { enabled: here },
  );
  const settle = (id: string, view: HandlingDto) => {
    client.setQueryData(keyOf("documents", "document_handling", { id }), view);
    void client.invalidateQueries({ queryKey: ["documents"] });
    void client.invalidateQueries({ queryKey: ["sync"] });
  };
  const act = useMutation({
    mutationFn: (args: Args) =>
      host().call("document_act", { document: args.document, act: args.act }),
    onSuccess: (view, args) => {
      notice(
        t("act.saved", { act: args.name }),
        t("act.savedText", { title: args.title, key: keyLabel("act.undo") }),
      );
      // A form that was opened meanwhile stays, of this document or of another.
      setForm((open) => (open?.document === args.document && open.act === args.kind ? null : open));
      settle(args.document, view);
    },
  });
  const undo = useMutation({
    mutationFn: (args: Pick<Args, "document" | "title">) =>
      host().call("document_act_undo", { id: args.document }),
    onSuccess: (view, args) => {
      notice(t("act.undone"), args.title);
      settle(args.document, view);
    },
  });
  const drop = useMutation({
    mutationFn: (args: Pick<Args, "document" | "title">) =>
      host().call("draft_undo", { id: args.document }),
    onSuccess: (_, args) => {
      notice(t("draft.dropped"), args.title);
      void client.invalidateQueries({ queryKey: ["documents"] });
      void client.invalidateQueries({ queryKey: ["sync"] });
    },
  });
  const pending = act.isPending || undo.isPending || drop.isPending;
  const args = (kind: ActKind, what: HandlingActDto): Args => {
    return { document, title, kind, name: t(actName(kind, data)), act: what };
  };
  const start = (kind: ActKind) => {
    // An act that is being done does not swallow the key of the next one's form.
    if (!isAtOnce(kind)) setForm({ document, act: kind });
    if (pending) return;
    act.reset();
    undo.reset();
    if (isAtOnce(kind)) act.mutate(args(kind, { act: kind }));
  };
  return {
    handling: here ? data : undefined,
    /** Whether it is known which act the document waits for; before that none is the main one. */
    known: data !== undefined,
    /** Why it is not known, and to ask anew. */
    unread: here ? error : null,
    again: () => void refetch(),
    /** The form that is open on this document. */
    form: form?.document === document ? form.act : null,
    start,
    close: () => {
      act.reset();
      setForm(null);
    },
    submit: (what: HandlingActDto) =>
      act.mutateAsync(args(form?.act ?? "direct", what)).then(
        () => true,
        () => false,
      ),
    undo: () => {
      if (!pending) undo.mutate({ document, title });
    },
    /** Takes the whole of a draft back that was never sent. */
    drop: () => {
      if (!pending) drop.mutate({ document, title });
    },
    busy: act.isPending,
    /** Of the form, where it is open; else of what was done without one. */
    error:
      (act.variables?.document === document ? act.error : null) ??
      (undo.variables?.document === document ? undo.error : null) ??
      (drop.variables?.document === document ? drop.error : null),
    forget: () => {
      act.reset();
      undo.reset();
      drop.reset();
    },
  };
}
