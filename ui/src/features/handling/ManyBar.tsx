import { Dialog } from "@base-ui/react/dialog";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountDto, HandlingActDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { Icon } from "../../shared/icons/Icon";
import { AddDialog } from "../dossiers/AddDialog";
import { ActForm } from "./ActForm";
import { ACT_ICONS } from "./acts";
import css from "./ManyBar.module.css";
import { MANY_ACTS, type ManyAct, type Marks, type Outcome, useMany, useMoved } from "./useMany";

/** How many of the chosen documents are named where they are acted upon. */
const NAMED = 3;

interface ManyBarProps {
  marks: Marks;
  account: AccountDto | null;
  onClear: () => void;
  /** These are no longer what was chosen. */
  onDrop: (ids: readonly string[]) => void;
  onOpen: (id: string) => void;
}

/** What can be done with all chosen documents at once: one confirmation, then what came of each. */
export function ManyBar({ marks, account, onClear, onDrop, onOpen }: ManyBarProps) {
  const { t } = useTranslation();
  const many = useMany(marks);
  const [act, setAct] = useState<ManyAct | null>(null);
  const [adding, setAdding] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useMoved(marks, many.standing, act !== null || many.running, onDrop);
  const close = () => {
    if (many.running) return;
    if (many.outcomes !== null) onClear();
    setAct(null);
    setError(null);
    many.forget();
  };
  const run = async (what: HandlingActDto) => {
    if (act === null) return false;
    setError(null);
    try {
      return await many.run(act, () => what);
    } catch (refused) {
      setError(refused);
      return false;
    }
  };
  const able = act === null ? [] : many.able(act);
  const count = able.length;
  return (
    <div className={css.bar} role="toolbar" aria-label={t("many.label")} data-testid="many-bar">
      <p className={css.count} data-testid="many-count" data-count={marks.size}>
        {t("many.count", { count: marks.size })}
      </p>
      <div className={css.acts}>
        {MANY_ACTS.filter((each) => many.able(each).length > 0).map((each) => (
          <Button
            key={each}
            icon={ACT_ICONS[each]}
            onClick={() => setAct(each)}
            data-testid={`many-${each}`}
          >
            {t(`act.do.${each}`)}
            {many.able(each).length < marks.size && ` (${many.able(each).length})`}
          </Button>
        ))}
        <Button icon="folder" onClick={() => setAdding(true)} data-testid="many-dossier">
          {t("key.dossier_add")}
        </Button>
        <Button tone="quiet" onClick={onClear} data-testid="many-clear">
          {t("many.clear")}
        </Button>
      </div>
      {adding && <AddDialog documents={[...marks.keys()]} onClose={() => setAdding(false)} />}
      <Dialog.Root open={act !== null} onOpenChange={(open) => !open && close()}>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialog.backdrop} />
          <Dialog.Popup className={cx(dialog.popup, css.popup)} data-testid="many-dialog">
            {many.outcomes !== null ? (
              <Outcomes outcomes={many.outcomes} onOpen={onOpen} onClose={close} />
            ) : (
              act !== null && (
                <>
                  <Dialog.Title className={dialog.title}>
                    {t(`many.title.${act}`, { count })}
                  </Dialog.Title>
                  <Dialog.Description className={css.what}>
                    {t(count < marks.size ? "many.some" : "many.all", {
                      count,
                      rest: marks.size - count,
                    })}
                  </Dialog.Description>
                  <ul className={css.named} data-testid="many-named">
                    {able.slice(0, NAMED).map((id) => (
                      <li key={id}>{marks.get(id)}</li>
                    ))}
                    {count > NAMED && <li>{t("many.more", { count: count - NAMED })}</li>}
                  </ul>
                  {act === "take_up" ? (
                    <div className={dialog.acts}>
                      <Button onClick={close}>{t("app.cancel")}</Button>
                      <Button
                        tone="main"
                        icon={ACT_ICONS.take_up}
                        onClick={() => void run({ act: "take_up" })}
                        data-testid="act-send"
                      >
                        {t("act.do.take_up")}
                      </Button>
                    </div>
                  ) : (
                    <ActForm
                      kind={act}
                      // What is written for these is not kept for others.
                      draftKey={null}
                      account={account}
                      dueAt={null}
                      busy={many.running}
                      error={error}
                      submit={t(many.running ? "act.saving" : `act.do.${act}`)}
                      onSubmit={run}
                      onClose={close}
                    />
                  )}
                </>
              )
            )}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </div>
  );
}

interface OutcomesProps {
  outcomes: readonly Outcome[];
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** One line for each document: done here, or why not. */
function Outcomes({ outcomes, onOpen, onClose }: OutcomesProps) {
  const { t } = useTranslation();
  const failed = outcomes.filter((one) => one.error !== null).length;
  // The code decides the key at run time; the completeness test proves that every code has one.
  const say = t as (key: string, options: object) => string;
  return (
    <>
      <Dialog.Title className={dialog.title}>
        {t("many.done", { count: outcomes.length - failed })}
      </Dialog.Title>
      <Dialog.Description className={css.what}>
        {t(failed === 0 ? "many.allDone" : "many.someFailed", { count: failed })}
      </Dialog.Description>
      <ul className={css.outcomes} data-testid="many-outcomes" data-failed={failed}>
        {outcomes.map((one) => (
          <li key={one.id} className={css.outcome} data-done={one.error === null}>
            <Icon name={one.error === null ? "save" : "warning"} />
            <button
              type="button"
              className={css.document}
              onClick={() => {
                onClose();
                onOpen(one.id);
              }}
            >
              {one.title}
            </button>
            <span className={css.came}>
              {one.error === null
                ? t("many.saved")
                : `${say(`err.${one.error.code}`, { replace: one.error.args })} (${one.error.code})`}
            </span>
          </li>
        ))}
      </ul>
      <div className={dialog.acts}>
        <Button tone="main" onClick={onClose} data-testid="many-close">
          {t("app.close")}
        </Button>
      </div>
    </>
  );
}
