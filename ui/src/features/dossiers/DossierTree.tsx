import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DossierDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import { useListKeys } from "../../shared/useListKeys";
import css from "./Dossiers.module.css";
import { retention, roman, stateOf, underHeadings } from "./words";

interface DossierTreeProps {
  dossiers: readonly DossierDto[];
  label: string;
  chosen: string | null;
  onChoose: (id: string) => void;
  /** To what is inside. */
  onOpen: () => void;
}

const TONES = {
  planned: "warn",
  listed: "neutral",
  open: "ok",
  closed: "neutral",
  handed_over: "warn",
  archived: "neutral",
} as const;

/** The year's list under its headings. One tab stop; the arrows move, Enter goes inside. */
export function DossierTree({ dossiers, label, chosen, onChoose, onOpen }: DossierTreeProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const headings = underHeadings(dossiers);
  const inOrder = headings.flatMap((heading) => heading.dossiers);
  const at = inOrder.findIndex(({ id }) => id === chosen);
  const onKey = useListKeys({
    at,
    count: inOrder.length,
    onMove: (to) => {
      const next = inOrder[to];
      if (next !== undefined) onChoose(next.id);
    },
    onOpen,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is chosen.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const largeHeadings = [...new Set(headings.map(({ large }) => large))].filter(
    (large) => large !== "",
  );
  return (
    <div
      ref={list}
      className={css.list}
      role="listbox"
      aria-label={label}
      aria-activedescendant={at >= 0 ? `dossier-${chosen}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="dossier-list"
    >
      {headings.map((heading, place) => {
        const isFirst = headings[place - 1]?.large !== heading.large;
        const number = largeHeadings.indexOf(heading.large) + 1;
        const name = [heading.large, heading.small].filter((part) => part !== "").join(", ");
        return (
          // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset.
          <div
            key={`${heading.large} / ${heading.small}`}
            role="group"
            aria-label={name === "" ? t("dossier.noHeading") : name}
          >
            {isFirst && (heading.large !== "" || place > 0) && (
              <p className={css.large} aria-hidden="true">
                {heading.large === ""
                  ? t("dossier.noHeading")
                  : `${roman(number)}. ${heading.large}`}
              </p>
            )}
            {heading.small !== "" && (
              <p className={css.small} aria-hidden="true">
                {heading.small}
              </p>
            )}
            {heading.dossiers.map((dossier) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys.
              // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus.
              <div
                key={dossier.id}
                id={`dossier-${dossier.id}`}
                role="option"
                aria-selected={dossier.id === chosen}
                className={cx(css.entry, dossier.id === chosen && css.current)}
                onClick={() => onChoose(dossier.id)}
                onDoubleClick={onOpen}
                data-testid="dossier-row"
                data-state={dossier.state}
                data-id={dossier.id}
              >
                <span className={css.entryHead}>
                  <b className={css.notation}>{dossier.notation}</b>
                  <Badge tone={TONES[stateOf(dossier)]}>
                    {t(`dossier.state.${stateOf(dossier)}`)}
                  </Badge>
                  {!dossier.listed && <span className={css.quiet}>{t("dossier.beside")}</span>}
                  {dossier.unsent && (
                    <span className={css.unsent} title={t("list.savedHere")}>
                      <Icon name="save" />
                    </span>
                  )}
                </span>
                <span className={css.entryTitle}>{dossier.title}</span>
                <span className={css.quiet}>
                  {[
                    dossier.creator,
                    retention(dossier, t),
                    t("dossier.count", { count: dossier.count }),
                  ].join(" · ")}
                </span>
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}
