import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isKey } from "../../keymap";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import css from "./Format.module.css";
import { type Fault, isMust, pagesOf, Words } from "./findings";

interface FaultListProps {
  faults: readonly Fault[];
  /** The fault that has the keys. */
  current: number;
  /** Which of its places was gone to last; none before the first. */
  place: number | null;
  onMove: (to: number) => void;
  /** Goes to a place of it, the next one each time. */
  onGo: (at: number) => void;
  /** Which are chosen for sending back; nothing is chosen where that is nobody's act. */
  chosen: ReadonlySet<string> | undefined;
  onChoose: (id: string) => void;
}

/** The faults, by weight: arrows go through them, Enter goes to the place, Space chooses. */
export function FaultList(props: FaultListProps) {
  const { faults, current, place, onMove, onGo, chosen, onChoose } = props;
  const { t, i18n } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const words = new Words(t, i18n.language);
  useEffect(() => {
    const entry = list.current?.querySelector(`[data-at="${current}"]`);
    entry?.scrollIntoView?.({ block: "nearest" });
  }, [current]);
  const move = (to: number) => onMove(Math.max(0, Math.min(faults.length - 1, to)));
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const fault = faults[current];
    if (isKey(key, "list.down")) move(current + 1);
    else if (isKey(key, "list.up")) move(current - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(faults.length - 1);
    else if (isKey(key, "list.open")) onGo(current);
    else if (isKey(key, "list.mark") && fault !== undefined && chosen !== undefined)
      onChoose(fault.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const entry = (fault: Fault, at: number) => (
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
    <div
      key={fault.id}
      id={`${id}-${at}`}
      role="option"
      aria-selected={chosen?.has(fault.id) ?? at === current}
      className={cx(css.fault, at === current && css.current)}
      data-at={at}
      data-testid="format-fault"
      onClick={() => {
        onMove(at);
        onGo(at);
      }}
    >
      {chosen !== undefined && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the option says whether it is chosen.
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
        <span
          className={cx(css.box, chosen.has(fault.id) && css.chosen)}
          data-testid="format-choose"
          onClick={(event) => {
            event.stopPropagation();
            onMove(at);
            onChoose(fault.id);
          }}
        >
          {chosen.has(fault.id) && <Icon name="check" />}
        </span>
      )}
      <span className={css.words}>
        <span className={css.what}>{words.what(fault)}</span>
        <span className={css.todo}>
          <Icon name="chevronRight" />
          {words.todo(fault)}
        </span>
        <span className={css.facts}>
          <span>
            {t("format.pages", { count: pagesOf(fault).length, pages: words.pages(fault) })}
          </span>
          <span>{t("format.clause", { clause: fault.places[0]?.clause ?? "" })}</span>
          {at === current && place !== null && fault.places.length > 1 && (
            <span>{t("format.spot", { number: place + 1, count: fault.places.length })}</span>
          )}
        </span>
      </span>
    </div>
  );
  const must = faults.filter(isMust).length;
  const groups = [
    { name: "must", from: 0, to: must },
    { name: "should", from: must, to: faults.length },
  ] as const;
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={0}
      className={css.list}
      aria-label={t("format.list")}
      aria-multiselectable={chosen !== undefined}
      aria-activedescendant={`${id}-${current}`}
      data-testid="format-faults"
      onKeyDown={onKey}
    >
      {groups
        .filter(({ from, to }) => to > from)
        .map(({ name, from, to }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields.
          <div key={name} role="group" aria-labelledby={`${id}-${name}`} className={css.group}>
            <p id={`${id}-${name}`} className={css.heading} data-weight={name}>
              {t(`format.${name}`)} ({to - from})
            </p>
            {faults.slice(from, to).map((fault, i) => entry(fault, from + i))}
          </div>
        ))}
    </div>
  );
}
