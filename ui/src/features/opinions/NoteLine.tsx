import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime } from "../../shared/format";
import { SafeWord } from "../../shared/SafeWord";
import { type Entry, isOpen } from "./notes";
import css from "./Opinions.module.css";
import type { Notes } from "./useNotes";

interface NoteLineProps {
  document: string;
  entry: Entry;
  notes: Notes;
}

/** Where a note stands, whether it is dealt with, and by whom. */
export function NoteLine({ document, entry, notes }: NoteLineProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { opinion, words } = entry;
  const open = isOpen(entry);
  const say = useMutation({
    mutationFn: () => {
      const word = { document, note: opinion.id };
      return open
        ? host().call("note_settle", { ...word, text: t("notes.settledWord") })
        : host().call("note_reopen", { ...word, text: t("notes.reopenedWord") });
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["documents"] });
      void client.invalidateQueries({ queryKey: ["sync"] });
    },
  });
  if (opinion.place === null) return null;
  const page = t("notes.page", { number: opinion.place.page + 1 });
  return (
    <div className={css.note} data-testid="note" data-open={open}>
      <div className={css.noteActs}>
        {notes.isHere(opinion) ? (
          <Button
            tone="quiet"
            icon="eye"
            onClick={() => notes.go(opinion.id)}
            data-testid="note-go"
          >
            {page}
          </Button>
        ) : (
          <span className={css.when}>{t("notes.earlier", { number: opinion.place.page + 1 })}</span>
        )}
        {!open && (
          <Badge tone="ok" icon="check">
            {t("notes.settledWord")}
          </Badge>
        )}
        <Button
          tone="quiet"
          icon={open ? "check" : "undo"}
          aria-busy={say.isPending}
          onClick={() => {
            if (!say.isPending) say.mutate();
          }}
          data-testid={open ? "note-settle" : "note-reopen"}
        >
          {t(open ? "notes.settle" : "notes.reopen")}
        </Button>
      </div>
      {words.map((word) => (
        <p key={word.id} className={css.when} data-testid="note-word">
          <span>
            {t(word.settles === null ? "notes.reopenedWord" : "notes.settledWord")} · {word.author}{" "}
            · {formatDateTime(word.written_at)}
          </span>
          <SafeWord received={word.received_at !== null} />
        </p>
      ))}
      {say.error !== null && <ErrorMessage error={say.error} />}
    </div>
  );
}
