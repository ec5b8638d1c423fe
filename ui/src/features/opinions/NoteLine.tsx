import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime } from "../../shared/format";
import { SafeWord } from "../../shared/SafeWord";
import type { Entry } from "./notes";
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
  const { opinion, settled } = entry;
  const settle = useMutation({
    mutationFn: () =>
      host().call("note_settle", { document, note: opinion.id, text: t("notes.settledWord") }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["documents"] });
      void client.invalidateQueries({ queryKey: ["sync"] });
    },
  });
  if (opinion.place === null) return null;
  const page = t("notes.page", { number: opinion.place.page + 1 });
  return (
    <div className={css.note} data-testid="note" data-open={settled === null}>
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
        {settled === null ? (
          <Button
            tone="quiet"
            icon="check"
            aria-busy={settle.isPending}
            onClick={() => {
              if (!settle.isPending) settle.mutate();
            }}
            data-testid="note-settle"
          >
            {t("notes.settle")}
          </Button>
        ) : (
          <Badge tone="ok" icon="check">
            {t("notes.settledWord")}
          </Badge>
        )}
      </div>
      {settled !== null && (
        <p className={css.when}>
          <span>
            {settled.author} · {formatDateTime(settled.written_at)}
          </span>
          <SafeWord received={settled.received_at !== null} />
        </p>
      )}
      {settle.error !== null && <ErrorMessage error={settle.error} />}
    </div>
  );
}
