import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { isKey } from "../../keymap";
import { host } from "../../platform";
import { Choices } from "../../shared/Choices";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { useNotice } from "../../shared/Toasts";
import { todayHere } from "../intake/days";
import css from "./Dossiers.module.css";

interface AddDialogProps {
  documents: readonly string[];
  onClose: () => void;
}

/** Puts documents into one of the dossiers that are open to this person; none of them is copied. */
export function AddDialog({ documents, onClose }: AddDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const year = Number(todayHere().slice(0, 4));
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [file, setFile] = useState(false);
  const { data } = useRead("documents", "dossiers_list", { year });
  const only = documents.length === 1 ? documents[0] : undefined;
  const { data: held = [] } = useRead(
    "documents",
    "document_dossiers",
    { id: only ?? "" },
    { enabled: only !== undefined },
  );
  const open = data?.dossiers.filter(({ state, inside }) => state === "open" && inside) ?? [];
  const add = useMutation({
    mutationFn: (id: string) => host().call("dossier_add", { id, documents: [...documents], file }),
    onSuccess: async ({ added }) => {
      await client.invalidateQueries({ queryKey: ["documents"] });
      notice(t("dossier.added", { count: added }), t("dossier.addedText"));
      onClose();
    },
  });
  const submit = () => {
    if (chosen !== undefined && !add.isPending) add.mutate(chosen);
  };
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, dialog.wide)} data-testid="dossier-add">
          <Dialog.Title className={dialog.title}>
            {t("dossier.addTitle", { count: documents.length })}
          </Dialog.Title>
          <Dialog.Description className={dialog.text}>{t("dossier.addText")}</Dialog.Description>
          {data !== undefined && open.length === 0 ? (
            <Empty
              icon="folder"
              title={t("dossier.noneOpen.title")}
              text={t("dossier.noneOpen.text")}
            />
          ) : (
            <form
              className={dialog.form}
              onKeyDown={(event) => {
                if (!isKey(event.nativeEvent, "act.send")) return;
                event.preventDefault();
                submit();
              }}
              onSubmit={(event) => {
                event.preventDefault();
                submit();
              }}
            >
              {add.error !== null && <ErrorMessage error={add.error} />}
              <div className={css.picks}>
                <Choices
                  label={t("dossier.choose")}
                  value={chosen}
                  choices={open.map((dossier) => ({
                    id: dossier.id,
                    title: `${dossier.notation} ${dossier.title}`,
                    facts: `${dossier.creator} · ${t("dossier.count", { count: dossier.count })}`,
                    disabled: held.some(({ id }) => id === dossier.id)
                      ? t("dossier.isIn")
                      : undefined,
                  }))}
                  onChoose={setChosen}
                  testId="dossier-choice"
                />
              </div>
              <label className={css.check}>
                <input
                  type="checkbox"
                  checked={file}
                  onChange={(event) => setFile(event.target.checked)}
                  data-testid="dossier-file"
                />
                {t("dossier.alsoFile")}
              </label>
              <FormFoot
                busy={add.isPending}
                label={t("dossier.addDo")}
                testId="dossier-add-send"
                edge="dialog"
                onCancel={onClose}
              />
            </form>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
