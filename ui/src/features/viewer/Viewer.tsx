import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { PageSize } from "../../generated/types";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import type { NoteBoxControl } from "../opinions/noteBox";
import type { PlacementControl } from "../signing/usePlacement";
import type { Lit } from "./lit";
import { type Beside, Pages } from "./Pages";
import type { Selected } from "./selected";
import type { Reading } from "./useReading";
import css from "./Viewer.module.css";

interface ViewerProps {
  sha256: string;
  placement: PlacementControl | undefined;
  reading?: Reading | undefined;
  /** The document that the file belongs to: it can then be printed. */
  document?: string | undefined;
  /** Puts another document beside this one. */
  onCompare?: (() => void) | undefined;
  /** Writes a note on a place. */
  onNote?: ((place: Selected) => void) | undefined;
  /** The box of a note that is being written. */
  noteBox?: NoteBoxControl | undefined;
  /** What something beside the pages points at. */
  lit?: Lit | undefined;
  beside?: Beside | undefined;
}

/** The pages of one file state. A new state of the same file keeps the place that is read. */
export function Viewer(props: ViewerProps) {
  const { sha256, placement, reading, document, onCompare, onNote, noteBox, lit, beside } = props;
  const { t } = useTranslation();
  const { data, error, refetch } = useRead("file", "file_open", { sha256 }, { keepOld: true });
  const pages: readonly PageSize[] | undefined = data?.pages;
  if (error !== null) {
    return (
      <div className={css.problem}>
        <ErrorMessage error={error}>
          <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
        </ErrorMessage>
      </div>
    );
  }
  if (pages === undefined) return <p className={css.opening}>{t("document.opening")}</p>;
  return (
    <Pages
      sha256={data?.sha256 ?? sha256}
      pages={pages}
      placement={placement}
      reading={reading}
      document={document}
      onCompare={onCompare}
      onNote={onNote}
      noteBox={noteBox}
      lit={lit}
      beside={beside}
    />
  );
}
