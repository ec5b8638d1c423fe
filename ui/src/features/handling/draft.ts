import { useCallback, useEffect, useRef, useState } from "react";
import { useSettings } from "../../api/settings";
import type { HandlingActDto } from "../../generated/types";
import type { FormKind } from "./acts";

/** What a person can be to a document. */
export type Part = "lead" | "support" | "inform";

/** What was filled in so far, for any act: each takes what it has a field for. */
export interface ActDraft {
  parts: Record<string, Part>;
  due: string;
  text: string;
  /** Yes to what was asked, or answered by a document; none while nothing was chosen. */
  yes: boolean | null;
  reply: { id: string; title: string } | null;
}

const EMPTY_DRAFT: ActDraft = { parts: {}, due: "", text: "", yes: true, reply: null };

/** After this pause the draft is kept, so that a crash loses no more than it. */
const KEEP_MS = 700;

function parsed(text: string | undefined): ActDraft | null {
  if (text === undefined || text === "") return null;
  try {
    return { ...EMPTY_DRAFT, ...(JSON.parse(text) as Partial<ActDraft>) };
  } catch {
    return null;
  }
}

/** What is chosen before anybody chose: nothing where yes cannot be taken back. */
function preset(kind: FormKind): boolean | null {
  if (kind === "answer_recall") return null;
  return kind !== "resolve";
}

/** A draft that is kept with the person's own data on this machine, enciphered as they are. Without
 * a key it is kept nowhere: it goes with its form. */
export function useActDraft(key: string | null, kind: FormKind) {
  const { read, remember } = useSettings();
  const [initial] = useState(() => (key === null ? null : parsed(read(key))));
  const [kept, setKept] = useState(initial !== null);
  const [, redraw] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const value = useRef(initial ?? { ...EMPTY_DRAFT, yes: preset(kind) });
  const begun = useRef(false);

  const keep = useCallback(() => {
    clearTimeout(timer.current);
    if (key === null || !begun.current) return;
    begun.current = false;
    void remember(key, JSON.stringify(value.current)).then((done) => {
      // Said only of what stands in the form now, and only when it is so.
      if (done && !begun.current) setKept(true);
    });
  }, [key, remember]);
  const change = useCallback(
    (patch: Partial<ActDraft>) => {
      value.current = { ...value.current, ...patch };
      begun.current = true;
      setKept(false);
      redraw((n) => n + 1);
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, KEEP_MS);
    },
    [keep],
  );
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    begun.current = false;
    setKept(false);
    if (key !== null) void remember(key, "");
  }, [key, remember]);
  // The form closes with its window, or by Escape: what was typed a moment ago is kept as well.
  useEffect(() => keep, [keep]);
  return { value: value.current, kept, change, keep, clear };
}

/** The act that the fields make; `due` is a day or empty. What is missing the core says. */
export function actOf(kind: FormKind, draft: ActDraft, due: string): HandlingActDto {
  const those = (part: Part) =>
    Object.entries(draft.parts).flatMap(([account, each]) => (each === part ? [account] : []));
  const lead = those("lead")[0] ?? "";
  const text = draft.text.trim();
  switch (kind) {
    case "direct":
      return { act: kind, lead, supports: those("support"), informed: those("inform"), due, text };
    case "assign":
      return { act: kind, lead, supports: those("support"), due, text };
    case "resolve":
      return { act: kind, reply: draft.yes ? (draft.reply?.id ?? null) : null, text };
    case "file":
      return { act: kind, dossier: text };
    case "return":
    case "refuse":
      return { act: kind, reason: text };
    case "hand_over":
      return { act: kind, to: lead, reason: text };
    case "ask_extension":
      return { act: kind, due, reason: text };
    case "answer_extension":
      return { act: kind, granted: draft.yes === true, text };
    case "answer_recall":
      return { act: kind, agreed: draft.yes === true, reason: text };
  }
}
