import { useTranslation } from "react-i18next";
import type { HandlingDto } from "../../generated/types";
import { formatDate } from "../../shared/format";
import css from "./CoursePanel.module.css";

/** What the sender and who has the document ask for and nobody has answered: who, until when, why. */
export function Asked({ handling }: { handling: HandlingDto }) {
  const { t } = useTranslation();
  const { recall, extension } = handling;
  return (
    <>
      {recall !== null && (
        <p className={css.asked} data-testid="course-recall">
          <b>{t("course.recall")}</b> {recall}
        </p>
      )}
      {extension !== null && (
        <p className={css.asked} data-testid="course-extension">
          <b>
            {t("course.extension", {
              who: extension.asked_by,
              day: formatDate(extension.due_at),
            })}
          </b>{" "}
          {extension.reason}
        </p>
      )}
    </>
  );
}
