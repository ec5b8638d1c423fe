import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import { IconButton } from "../../shared/IconButton";
import css from "./Toolbar.module.css";
import type { Zoom } from "./useZoom";

interface ToolbarProps {
  /** From 0. */
  page: number;
  count: number;
  zoom: Zoom;
  onGo: (page: number) => void;
}

/** Which page is read, and how large it is. */
export function Toolbar({ page, count, zoom, onGo }: ToolbarProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Never rewrite the field while the user types in it.
    if (field.current !== null && document.activeElement !== field.current) {
      field.current.value = String(page + 1);
    }
  }, [page]);
  const commit = () => {
    const wanted = Number.parseInt(field.current?.value ?? "", 10);
    if (wanted >= 1 && wanted <= count && wanted !== page + 1) onGo(wanted - 1);
    if (field.current !== null) field.current.value = String(page + 1);
  };
  return (
    <div className={css.bar} role="toolbar" aria-label={t("viewer.toolbar")}>
      <div className={css.group}>
        <IconButton
          icon="chevronLeft"
          label={t("viewer.previous")}
          disabled={page === 0}
          onClick={() => onGo(page - 1)}
        />
        <input
          ref={field}
          className={css.field}
          defaultValue={1}
          inputMode="numeric"
          aria-label={t("viewer.go")}
          data-testid="page-number"
          onFocus={(event) => event.currentTarget.select()}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
        <span className={css.of} data-testid="page-count">
          {t("viewer.of", { count })}
        </span>
        <IconButton
          icon="chevronRight"
          label={t("viewer.next")}
          disabled={page >= count - 1}
          onClick={() => onGo(page + 1)}
        />
      </div>
      <div className={css.group}>
        <IconButton
          icon="minus"
          label={t("viewer.zoomOut")}
          shortcut={keyLabel("zoom.out")}
          onClick={zoom.out}
        />
        <span className={css.percent}>{zoom.percent}%</span>
        <IconButton
          icon="plus"
          label={t("viewer.zoomIn")}
          shortcut={keyLabel("zoom.in")}
          onClick={zoom.in}
        />
        <IconButton
          icon="fitWidth"
          label={t("viewer.fit")}
          shortcut={keyLabel("zoom.fit")}
          pressed={zoom.fitted}
          onClick={zoom.fit}
        />
      </div>
    </div>
  );
}
