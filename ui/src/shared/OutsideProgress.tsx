import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { host } from "../platform";
import { Button } from "./Button";
import { formatSize } from "./format";
import css from "./OutsideProgress.module.css";

/** How often the progress is looked at, in milliseconds. */
const LOOK = 500;

/** How far the file is that is written, carried or read outside the desk, and how to stop it. */
export function OutsideProgress() {
  const { t, i18n } = useTranslation();
  const state = useRead("sync", "outside_state", {}, { refetchInterval: LOOK });
  const progress = state.data?.under_way ?? null;
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  const known = progress !== null && progress.total > 0;
  return (
    <div className={css.progress}>
      <progress
        aria-label={t("outside.label")}
        {...(known ? { value: Math.min(progress.done, progress.total), max: progress.total } : {})}
      />
      <span className={css.words}>
        {known
          ? t("outside.progress", { done: size(progress.done), total: size(progress.total) })
          : t("outside.working")}
      </span>
      <Button tone="quiet" onClick={() => void host().call("outside_cancel", {})}>
        {t("outside.cancel")}
      </Button>
    </div>
  );
}
