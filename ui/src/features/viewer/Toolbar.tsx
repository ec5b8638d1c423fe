import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyLabel } from "../../keymap";
import { IconButton } from "../../shared/IconButton";
import css from "./Toolbar.module.css";
import type { Turns } from "./turning";
import type { Zoom } from "./useZoom";
import { ZoomMenu } from "./ZoomMenu";

interface ToolbarProps {
  /** From 0. */
  page: number;
  count: number;
  zoom: Zoom;
  onGo: (page: number) => void;
  turns?: Turns;
  /** The field of the page's number, which a key goes to. */
  fieldRef?: RefObject<HTMLInputElement | null>;
  onTurn?: (by: 1 | -1) => void;
  /** What else can be done here. */
  acts?: ToolbarActs;
}

/** The acts of a viewer; those it has not are left out. */
interface ToolbarActs {
  strip?: { open: boolean; toggle: () => void } | undefined;
  find?: { open: boolean; toggle: () => void } | undefined;
  note?: (() => void) | undefined;
  print?: (() => void) | undefined;
  compare?: (() => void) | undefined;
}

/** Which page is read, how large it is, and what can be done with the pages. */
export function Toolbar(props: ToolbarProps) {
  const { page, count, zoom, onGo, turns = 0, onTurn, acts = {} } = props;
  const { t } = useTranslation();
  const own = useRef<HTMLInputElement>(null);
  const field = props.fieldRef ?? own;
  useEffect(() => {
    // Never rewrite the field while the user types in it.
    if (field.current !== null && document.activeElement !== field.current) {
      field.current.value = String(page + 1);
    }
  }, [page, field]);
  // Leaving the field goes nowhere unless a number was typed that is not gone to yet.
  const typed = useRef(false);
  const commit = () => {
    const wanted = Number.parseInt(field.current?.value ?? "", 10);
    const goes = typed.current && wanted >= 1 && wanted <= count;
    typed.current = false;
    if (goes && wanted !== page + 1) onGo(wanted - 1);
    if (field.current !== null) field.current.value = String(goes ? wanted : page + 1);
  };
  return (
    <div className={css.bar} role="toolbar" aria-label={t("viewer.toolbar")}>
      <div className={css.group}>
        {acts.strip !== undefined && (
          <IconButton
            icon="thumbnails"
            label={t(acts.strip.open ? "viewer.stripHide" : "viewer.stripShow")}
            shortcut={keyLabel("view.strip")}
            pressed={acts.strip.open}
            onClick={acts.strip.toggle}
            data-testid="strip-toggle"
          />
        )}
        <IconButton
          icon="chevronLeft"
          label={t("viewer.previous")}
          className={css.spare}
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
          onInput={() => {
            typed.current = true;
          }}
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
          className={css.spare}
          disabled={page >= count - 1}
          onClick={() => onGo(page + 1)}
        />
      </div>
      <div className={css.group}>
        <IconButton
          icon="minus"
          label={t("viewer.zoomOut")}
          shortcut={keyLabel("zoom.out")}
          className={css.spare}
          onClick={zoom.out}
        />
        <ZoomMenu zoom={zoom} turns={turns} onTurn={onTurn} />
        <IconButton
          icon="plus"
          label={t("viewer.zoomIn")}
          shortcut={keyLabel("zoom.in")}
          className={css.spare}
          onClick={zoom.in}
        />
      </div>
      <div className={css.group}>
        {acts.find !== undefined && (
          <IconButton
            icon="search"
            label={t("viewer.find.label")}
            shortcut={keyLabel("find.open")}
            pressed={acts.find.open}
            onClick={acts.find.toggle}
            data-testid="find-open"
          />
        )}
        {acts.note !== undefined && (
          <IconButton
            icon="opinion"
            label={t("notes.add")}
            shortcut={keyLabel("note.add")}
            // What is selected stays selected.
            onMouseDown={(event) => event.preventDefault()}
            onClick={acts.note}
            data-testid="note-add"
          />
        )}
        {acts.compare !== undefined && (
          <IconButton
            icon="compare"
            label={t("compare.start")}
            shortcut={keyLabel("compare")}
            onClick={acts.compare}
            data-testid="compare-start"
          />
        )}
        {acts.print !== undefined && (
          <IconButton
            icon="print"
            label={t("print.title")}
            shortcut={keyLabel("print")}
            onClick={acts.print}
            data-testid="print-open"
          />
        )}
      </div>
    </div>
  );
}
