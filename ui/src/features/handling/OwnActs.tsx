import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OutboxEntry } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { formatDateTime } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { type ActKind, actName } from "./acts";
import css from "./CoursePanel.module.css";

/** Our own acts that are not in the document's course yet: waiting to be sent, or not taken with why. */
export function OwnActs({ entries }: { entries: readonly OutboxEntry[] }) {
  const { t, i18n } = useTranslation();
  const dismiss = useMutation({
    mutationFn: (id: string) => host().call("outbox_dismiss", { id }),
  });
  return (
    <ul className={css.own} aria-label={t("course.own")}>
      {entries.map((entry) => {
        const refused = entry.state !== "waiting";
        const known = entry.problem !== null && i18n.exists(`problem.${entry.problem}`);
        return (
          <li
            key={entry.id}
            className={cx(css.ownAct, refused && css.refused)}
            data-testid="own-act"
            data-kind={entry.kind}
            data-state={entry.state}
          >
            <p className={css.ownLine}>
              <b>
                {entry.kind === "draft_document" || entry.kind === "copy_document"
                  ? t(`sync.kind.${entry.kind}`)
                  : t(actName(entry.kind as ActKind, undefined))}
              </b>
              <span className={css.ownState}>
                <Icon name={refused ? "warning" : "save"} />
                {t(refused ? "course.refused" : "course.waits")}
              </span>
            </p>
            {refused && (
              <>
                <p>
                  {t(known ? (`problem.${entry.problem}` as "problem.OTHER") : "problem.OTHER", {
                    first: entry.first ?? "",
                  })}
                  {entry.problem !== null && ` (${entry.problem})`}
                </p>
                {entry.text !== null && entry.text !== "" && (
                  <p className={css.happened}>{t("course.before", { what: entry.text })}</p>
                )}
              </>
            )}
            <p className={css.quiet}>{formatDateTime(entry.at)}</p>
            {refused && (
              <Button onClick={() => dismiss.mutate(entry.id)} data-testid="own-act-seen">
                {t("course.seen")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
