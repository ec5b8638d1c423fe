import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { keyLabel } from "../../keymap";
import type { Makings } from "../copies/useMakings";
import { ACT_ICONS, actName, allowedActs } from "../handling/acts";
import type { Acting } from "../handling/useHandling";
import type { Entry } from "../palette/entries";
import { useOffer } from "../palette/offers";

interface PaneOffer {
  detail: DocumentDetail | undefined;
  acting: Acting;
  /** Whether a form or signing is open: then that comes first. */
  busy: boolean;
  /** As whom this person can sign it now. */
  sign: { as: "leader" | "agency" | null; run: () => void } | undefined;
  onWrite: () => void;
  onHold: (() => void) | undefined;
  onFormat: (() => void) | undefined;
  makings: Makings;
  onDossier: () => void;
  /** None for who gives no tasks. */
  onTask: (() => void) | undefined;
}

/** Offers to the palette what can be done to the document that is shown. */
export function usePaneOffer(offer: PaneOffer): void {
  const { detail, acting, busy, sign, onWrite, onHold, onFormat, makings, onDossier, onTask } =
    offer;
  const { t } = useTranslation();
  useOffer(() => {
    if (detail === undefined || busy) return [];
    const note = detail.row.notation ?? detail.row.subject;
    const entry = (one: Pick<Entry, "id" | "icon" | "title" | "shortcut" | "run">): Entry => ({
      group: "act",
      note,
      ...one,
    });
    const main = keyLabel("main");
    const entries = allowedActs(acting.handling).map((act) =>
      entry({
        id: `act.${act}`,
        icon: ACT_ICONS[act],
        title: t(actName(act, acting.handling)),
        shortcut: keyLabel(`act.${act}`),
        run: () => acting.start(act),
      }),
    );
    if (sign !== undefined) {
      const title = t(sign.as === "agency" ? "document.seal" : "document.sign");
      entries.unshift(entry({ id: "sign", icon: "sign", title, shortcut: main, run: sign.run }));
    }
    if (acting.handling?.undoable === true) {
      const shortcut = keyLabel("act.undo");
      const title = t("act.undo");
      entries.push(entry({ id: "undo", icon: "undo", title, shortcut, run: acting.undo }));
    }
    if (makings.copy !== undefined) {
      const copy = { title: t("key.act_copy"), shortcut: keyLabel("act.copy") };
      entries.push(entry({ id: "copy", icon: "copy", ...copy, run: makings.copy }));
    }
    for (const { relation, run } of makings.amendments) {
      const key = relation === "correction" ? "correct" : "replace";
      const amend = { title: t(`key.act_${key}`), shortcut: keyLabel(`act.${key}`) };
      entries.push(entry({ id: relation, icon: "plus", ...amend, run }));
    }
    const opinion = { title: t("document.opinion"), shortcut: keyLabel("opinion") };
    entries.push(entry({ id: "opinion", icon: "opinion", ...opinion, run: onWrite }));
    const dossier = { title: t("key.dossier_add"), shortcut: keyLabel("dossier.add") };
    entries.push(entry({ id: "dossier", icon: "folder", ...dossier, run: onDossier }));
    if (onTask !== undefined) {
      const task = { title: t("key.task_give"), shortcut: keyLabel("task.give") };
      entries.push(entry({ id: "task", icon: "task", ...task, run: onTask }));
    }
    if (onHold !== undefined) {
      const held = { title: t("key.compare"), shortcut: keyLabel("compare") };
      entries.push(entry({ id: "compare", icon: "compare", ...held, run: onHold }));
    }
    if (onFormat !== undefined) {
      const format = { title: t("key.format_open"), shortcut: keyLabel("format.open") };
      entries.push(entry({ id: "format", icon: "sheet", ...format, run: onFormat }));
    }
    return entries;
  });
}
