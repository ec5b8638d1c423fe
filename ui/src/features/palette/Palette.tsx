import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentRow } from "../../generated/types";
import { isKey } from "../../keymap";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { rowState } from "../document/words";
import { type Entry, type Group, matching } from "./entries";
import { offered } from "./offers";
import css from "./Palette.module.css";
import { useFound } from "./useFound";

interface PaletteProps {
  open: boolean;
  /** Sections and settings: what can be gone to from anywhere. */
  entries: readonly Entry[];
  onOpenDocument: (id: string, direction: "incoming" | "outgoing") => void;
  onClose: () => void;
}

/** Goes anywhere and does what can be done now: by a few letters, an arrow and Enter. */
export function Palette({ open, entries, onOpenDocument, onClose }: PaletteProps) {
  const { t } = useTranslation();
  const chosen = useRef<Entry | null>(null);
  const field = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => !next && onClose()}
      // At the next frame the focus is back where it was, and what is done may take it.
      onOpenChangeComplete={(isOpen) => {
        const entry = chosen.current;
        chosen.current = null;
        if (!isOpen && entry !== null) requestAnimationFrame(entry.run);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup
          className={cx(dialog.popup, css.popup)}
          aria-label={t("palette.label")}
          // Not a frame later: a letter typed right behind the key would be an act of the desk.
          initialFocus={() => {
            field.current?.focus();
            return field.current;
          }}
          data-testid="palette"
        >
          <Chooser
            field={field}
            entries={entries}
            onOpenDocument={onOpenDocument}
            onTake={(entry) => {
              chosen.current = entry;
              onClose();
            }}
            onClose={onClose}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ChooserProps extends Omit<PaletteProps, "open"> {
  field: RefObject<HTMLInputElement | null>;
  onTake: (entry: Entry) => void;
}

function Chooser({ field, entries, onOpenDocument, onTake, onClose }: ChooserProps) {
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  // What is offered is what could be done when it was opened.
  const [here] = useState(() => [...offered(), ...entries]);
  const found = useFound(text);
  const rowEntry = (row: DocumentRow, group: "incoming" | "outgoing"): Entry => ({
    id: row.id,
    group,
    icon: group,
    title: row.notation ?? t("list.noNumber"),
    note: `${row.subject} · ${group === "incoming" ? row.issuer : rowState(row, t)}`,
    run: () => onOpenDocument(row.id, group),
  });
  const shown = [
    ...matching(here, text),
    ...found.incoming.map((row) => rowEntry(row, "incoming")),
    ...found.outgoing.map((row) => rowEntry(row, "outgoing")),
  ];
  const at = Math.min(active, shown.length - 1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is the active one.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [at, shown.length]);

  const look = (typed: string) => {
    setText(typed.trim());
    setActive(0);
  };
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const entry = shown[at];
    if (isKey(key, "list.down")) setActive(shown.length === 0 ? 0 : (at + 1) % shown.length);
    else if (isKey(key, "list.up")) setActive(at <= 0 ? Math.max(0, shown.length - 1) : at - 1);
    else if (isKey(key, "palette")) onClose();
    else if (isKey(key, "list.open")) {
      if (entry !== undefined && !key.repeat) onTake(entry);
    } else return;
    event.preventDefault();
  };
  const groups = [...new Set(shown.map((entry) => entry.group))];
  return (
    <>
      <div className={css.field}>
        <Icon name="search" size={20} />
        <input
          ref={field}
          className={css.input}
          role="combobox"
          aria-label={t("palette.label")}
          aria-expanded={shown.length > 0}
          aria-controls={shown.length > 0 ? `${id}-list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
          placeholder={t("palette.hint")}
          autoComplete="off"
          spellCheck={false}
          data-testid="palette-text"
          onInput={(event) => look(event.currentTarget.value)}
          onKeyDown={onKey}
        />
      </div>
      {found.error !== null && <ErrorMessage error={found.error} />}
      {shown.length > 0 && (
        <div
          ref={list}
          id={`${id}-list`}
          className={css.list}
          role="listbox"
          aria-label={t("palette.label")}
        >
          {groups.map((group) => (
            <GroupOf key={group} group={group}>
              {shown.map((entry, index) =>
                entry.group === group ? (
                  <Option
                    key={entry.id}
                    id={`${id}-${index}`}
                    entry={entry}
                    active={index === at}
                    onTake={() => onTake(entry)}
                  />
                ) : null,
              )}
            </GroupOf>
          ))}
        </div>
      )}
      <p className={css.foot} role="status">
        <span>
          {found.looking
            ? t("palette.looking")
            : shown.length === 0
              ? t("palette.none", { text })
              : ""}
        </span>
        <span aria-hidden="true">{t("palette.keys")}</span>
      </p>
    </>
  );
}

function GroupOf({ group, children }: { group: Group; children: React.ReactNode }) {
  const { t } = useTranslation();
  const name = t(`palette.group.${group}`);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox.
    <div role="group" aria-label={name}>
      <p className={css.group} aria-hidden="true">
        {name}
      </p>
      {children}
    </div>
  );
}

interface OptionProps {
  id: string;
  entry: Entry;
  active: boolean;
  onTake: () => void;
}

function Option({ id, entry, active, onTake }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
    <div
      id={id}
      role="option"
      aria-selected={active}
      className={cx(css.option, active && css.active)}
      data-testid="palette-option"
      data-id={entry.id}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onTake}
    >
      <Icon name={entry.icon} />
      <span className={css.title}>{entry.title}</span>
      <span className={css.note}>{entry.note}</span>
      {entry.shortcut !== undefined && <kbd className={css.key}>{entry.shortcut}</kbd>}
    </div>
  );
}
