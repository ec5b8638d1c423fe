import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { Confirm } from "../../shared/Confirm";
import { useShortcut } from "../../shared/useShortcut";
import { isCopy } from "../handling/acts";
import type { Acting } from "../handling/useHandling";

/** Takes a draft back that was never sent: the whole of it, so it asks first. The key takes the last
 * act back while there is one. */
export function DropDraft({ acting }: { acting: Acting }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const copy = isCopy(acting.handling);
  const isLast = acting.handling?.undoable !== true;
  useShortcut("act.undo", () => setAsking(true), isLast && acting.form === null);
  return (
    <>
      <Button
        tone="quiet"
        icon="trash"
        shortcut={isLast ? keyLabel("act.undo") : undefined}
        onClick={() => setAsking(true)}
        data-testid="draft-drop"
      >
        {t(copy ? "copies.drop" : "draft.drop")}
      </Button>
      <Confirm
        open={asking}
        title={t(copy ? "copies.dropTitle" : "draft.dropTitle")}
        text={t(copy ? "copies.dropText" : "draft.dropText")}
        yes={t(copy ? "copies.drop" : "draft.drop")}
        onYes={acting.drop}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
