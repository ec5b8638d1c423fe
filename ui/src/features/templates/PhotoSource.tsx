import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImageRole } from "../../generated/types";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import css from "./PhotoSource.module.css";
import type { usePhoto } from "./usePhoto";

interface PhotoSourceProps {
  role: ImageRole;
  source: ReturnType<typeof usePhoto>;
}

/** Where the photo comes from: a file, dropped, or pasted; and how to take a good one. */
export function PhotoSource({ role, source }: PhotoSourceProps) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const { problem, busy, take } = source;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const advice =
    role === "seal" ? (["scan", "measure", "red"] as const) : (["paper", "pen", "light"] as const);
  return (
    <div className={css.source}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping has the button as its equal. */}
      <div
        className={cx(css.drop, over && css.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="image" size={20} className={css.icon} />
        <p className={css.what}>{busy ? t("templates.reading") : t("templates.drop")}</p>
        <Button tone="main" icon="plus" onClick={() => chooser.current?.click()}>
          {t("templates.choose")}
        </Button>
        <input
          ref={chooser}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/bmp"
          className={css.hidden}
          tabIndex={-1}
          aria-label={t("templates.choose")}
          data-testid="template-file"
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        {problem !== null && (
          <p className={css.problem} role="alert">
            {t(`templates.problem.${problem}`)}
          </p>
        )}
      </div>
      <ol className={css.advice}>
        {advice.map((item) => (
          <li key={item}>{t(`templates.advice.${item}`)}</li>
        ))}
      </ol>
      <p className={css.note}>{t("templates.privacy")}</p>
    </div>
  );
}
