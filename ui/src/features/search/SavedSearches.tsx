import { Dialog } from "@base-ui/react/dialog";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, memo, type RefObject, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { SavedSearchDto } from "../../generated/types";
import { type CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { TextField } from "../../shared/TextField";
import type { SearchPlace } from "./place";
import css from "./SavedSearches.module.css";
import { useCount } from "./useCount";

interface SavedSearchesProps {
  /** What is looked for: read when it is kept, not heard at every key. */
  place: RefObject<SearchPlace>;
  asking: boolean;
  onChoose: (saved: SavedSearchDto) => void;
}

/** The searches that this person keeps, with what each finds now; and keeping what is looked for. */
export const SavedSearches = memo(function SavedSearches(props: SavedSearchesProps) {
  const { place, asking, onChoose } = props;
  const { t } = useTranslation();
  const shown = useCount();
  const client = useQueryClient();
  const { data = [] } = useRead("documents", "search_saved", {});
  const [naming, setNaming] = useState(false);
  const keep = (all: SavedSearchDto[]) =>
    client.setQueryData(["documents", "search_saved", {}], all);
  const forget = (saved: SavedSearchDto) =>
    void host()
      .call("search_forget", { id: saved.id })
      .then(keep)
      .catch(() => undefined);
  if (data.length === 0 && !asking) return null;
  return (
    <div className={css.bar} data-testid="saved-searches">
      {data.map((saved) => (
        <span key={saved.id} className={css.saved}>
          <button type="button" onClick={() => onChoose(saved)} data-testid="saved-search">
            {saved.name}
            <b>
              {saved.is_more
                ? t("search.moreThan", { number: shown(saved.count) })
                : shown(saved.count)}
            </b>
          </button>
          <button
            type="button"
            className={css.forget}
            aria-label={t("search.forget", { name: saved.name })}
            onClick={() => forget(saved)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {asking && (
        <Button tone="quiet" icon="plus" onClick={() => setNaming(true)} data-testid="search-save">
          {t("search.save")}
        </Button>
      )}
      <SaveDialog
        open={naming}
        place={place}
        onClose={() => setNaming(false)}
        onSaved={(all) => {
          keep(all);
          setNaming(false);
        }}
      />
    </div>
  );
});

interface SaveDialogProps {
  open: boolean;
  place: RefObject<SearchPlace>;
  onClose: () => void;
  onSaved: (all: SavedSearchDto[]) => void;
}

function SaveDialog({ open, place, onClose, onSaved }: SaveDialogProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<CommandError | null>(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? "";
    setError(null);
    host()
      .call("search_save", { name, text: place.current.text, narrow: place.current.narrow })
      .then(onSaved)
      .catch((thrown: CommandError) => setError(thrown));
  };
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} initialFocus={field} data-testid="save-dialog">
          <Dialog.Title className={dialog.title}>{t("search.save")}</Dialog.Title>
          <Dialog.Description>{t("search.saveText")}</Dialog.Description>
          <form className={css.form} onSubmit={save}>
            <TextField
              ref={field}
              label={t("search.name")}
              defaultValue={place.current.text.slice(0, 60)}
              maxLength={100}
              autoComplete="off"
              required
              data-testid="save-name"
            />
            {error !== null && <ErrorMessage error={error} />}
            <div className={dialog.acts}>
              <Button onClick={onClose}>{t("app.cancel")}</Button>
              <Button type="submit" tone="main" data-testid="save-confirm">
                {t("search.keep")}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
