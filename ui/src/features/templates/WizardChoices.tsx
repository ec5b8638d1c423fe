import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ImageRole } from "../../generated/types";
import { Button } from "../../shared/Button";
import { formatMm } from "../../shared/format";
import { Segmented } from "../../shared/Segmented";
import { SIZE_MM, type useWizard } from "./useWizard";
import css from "./WizardChoices.module.css";

interface WizardChoicesProps {
  role: ImageRole;
  dpi: number | null;
  work: ReturnType<typeof useWizard>;
  view: "picture" | "page";
  onView: (view: "picture" | "page") => void;
}

/** What can be turned while looking at the result. */
export function WizardChoices({ role, dpi, work, view, onView }: WizardChoicesProps) {
  const { t, i18n } = useTranslation();
  const { choices, setChoices, result } = work;
  const width = useRef<HTMLInputElement>(null);
  const shown = result === null ? "" : formatMm(result.widthMm, i18n.language);
  useEffect(() => {
    // Never rewrite the field while the user types in it.
    if (width.current !== null && document.activeElement !== width.current) {
      width.current.value = shown;
    }
  }, [shown]);
  const commit = () => {
    const typed = Number.parseFloat((width.current?.value ?? "").replace(",", "."));
    if (typed >= SIZE_MM.min && typed <= SIZE_MM.max) work.setTypedMm(typed);
    else if (width.current !== null) width.current.value = shown;
  };
  return (
    <div className={css.choices}>
      <div className={css.row}>
        <Segmented
          label={t("templates.view")}
          value={view}
          options={[
            { value: "picture", label: t("templates.result") },
            { value: "page", label: t("templates.onPage") },
          ]}
          onChange={onView}
        />
        <Button icon="crop" onClick={work.findInk}>
          {t("templates.cropAgain")}
        </Button>
      </div>
      <label className={css.field}>
        <span>{t("templates.sensitivity")}</span>
        <input
          type="range"
          min={-1}
          max={1}
          step={0.1}
          defaultValue={0}
          data-testid="template-sensitivity"
          onChange={(event) =>
            setChoices({ ...choices, sensitivity: 2 ** Number(event.currentTarget.value) })
          }
        />
      </label>
      {role !== "seal" && (
        <label className={css.check}>
          <input
            type="checkbox"
            checked={choices.ruled}
            onChange={(event) => setChoices({ ...choices, ruled: event.currentTarget.checked })}
          />
          {t("templates.ruled")}
        </label>
      )}
      <label className={css.field}>
        <span>{t(role === "seal" ? "templates.diameter" : "templates.width")}</span>
        <span className={css.size}>
          <input
            ref={width}
            type="text"
            inputMode="decimal"
            defaultValue={shown}
            className={css.number}
            data-testid="template-width"
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === "Enter") commit();
            }}
          />
          {result !== null &&
            t("templates.height", { h: formatMm(result.heightMm, i18n.language) })}
        </span>
      </label>
      <p className={css.note}>
        {role !== "seal"
          ? t("templates.colourNote")
          : dpi === null
            ? t("templates.dpiUnknown")
            : t("templates.dpiKnown", { dpi: Math.round(dpi) })}
      </p>
    </div>
  );
}
