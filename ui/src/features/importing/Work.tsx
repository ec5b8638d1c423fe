import { useTranslation } from "react-i18next";
import type { ImportProgress } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import page from "../../views/Page.module.css";
import css from "./Importing.module.css";

interface WorkProps {
  progress: ImportProgress;
  rows: number;
  onChanged: () => void;
}

/** How far the check or the import is; an import can wait, and both can be stopped. */
export function Work({ progress, rows, onChanged }: WorkProps) {
  const { t } = useTranslation();
  const words = { done: progress.done, rows };
  const pause = () =>
    void host().call("import_pause", { paused: !progress.paused }).finally(onChanged);
  const saying = progress.importing
    ? t(progress.paused ? "import.pausedAt" : "import.taking", words)
    : t("import.checking", words);
  return (
    <div className={css.work} data-testid="import-progress">
      <progress aria-label={saying} value={Math.min(progress.done, rows)} max={Math.max(rows, 1)} />
      <span className={page.quiet}>{saying}</span>
      {progress.importing && (
        <Button
          icon={progress.paused ? "play" : "pause"}
          onClick={pause}
          data-testid="import-pause"
        >
          {t(progress.paused ? "import.resume" : "import.pause")}
        </Button>
      )}
      <Button
        tone="quiet"
        icon="stop"
        onClick={() => void host().call("import_stop", {}).finally(onChanged)}
        data-testid="import-stop"
      >
        {t("import.stop")}
      </Button>
    </div>
  );
}
