import { type KeyboardEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { SearchFacet, SearchFacets, SearchNarrow } from "../../generated/types";
import { cx } from "../../shared/cx";
import { isUrgency, stateWord } from "../document/words";
import { wordName } from "../intake/kinds";
import css from "./Facets.module.css";
import { isAsking, NOTHING_CHOSEN } from "./place";
import { useCount } from "./useCount";
import { useSettled } from "./useSettled";

/** What results are narrowed by, in its order. */
export const DIMENSIONS = [
  ["direction", "directions"],
  ["year", "years"],
  ["kind", "kinds"],
  ["issuer", "issuers"],
  ["state", "states"],
  ["urgency", "urgencies"],
] as const;
export type Dimension = keyof SearchNarrow;

/** A value in the office's words. */
export function useFacetWords() {
  const { t } = useTranslation();
  return (dimension: Dimension, facet: Pick<SearchFacet, "value" | "name">) => {
    if (dimension === "direction") {
      return t(facet.value === "outgoing" ? "nav.outgoing" : "nav.incoming");
    }
    if (dimension === "state") return stateWord(facet.value, t);
    if (dimension === "urgency" && isUrgency(facet.value)) return t(`urgency.${facet.value}`);
    return facet.name;
  };
}

/** What is found, counted, once the typing pauses: until then the old counts, and `isHere` is false. */
export function useFacets(text: string, narrow: SearchNarrow) {
  const settled = useSettled(text);
  const { data, isPlaceholderData } = useRead(
    "documents",
    "search_facets",
    { text: settled, narrow, order: "newest", skip: 0, limit: 0 },
    { keepOld: true, enabled: isAsking({ text: settled, narrow }) },
  );
  return { facets: data, isHere: settled === text && !isPlaceholderData };
}

interface FacetsProps {
  facets: SearchFacets | undefined;
  narrow: SearchNarrow;
  onNarrow: (narrow: SearchNarrow) => void;
}

/** What was found, counted; a press narrows to it, another takes it back. */
export const Facets = memo(function Facets({ facets, narrow, onNarrow }: FacetsProps) {
  const { t } = useTranslation();
  const words = useFacetWords();
  const shown = useCount();
  const isNarrowed = Object.values(narrow).some((value) => value !== "");
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const chips = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-facet]")];
    const at = chips.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    event.preventDefault();
    chips[Math.max(0, Math.min(chips.length - 1, at + step))]?.focus();
  };
  return (
    <section className={css.panel} aria-label={t("search.facets")} onKeyDown={onKey}>
      {isNarrowed && (
        <button
          type="button"
          className={css.clear}
          onClick={() => onNarrow(NOTHING_CHOSEN)}
          data-testid="facets-clear"
        >
          {t("search.clearNarrow")}
        </button>
      )}
      {DIMENSIONS.map(([dimension, plural]) => {
        const found = facets?.[plural] ?? [];
        const chosenOne = narrow[dimension];
        const isThere = chosenOne === "" || found.some((facet) => facet.value === chosenOne);
        // What was chosen can be taken back where nothing is found by it too.
        const all = isThere
          ? found
          : [{ value: chosenOne, name: wordName(chosenOne), count: 0 }, ...found];
        // One value that all share says nothing, unless it was chosen.
        if (all.length < 2 && narrow[dimension] === "") return null;
        return (
          <fieldset key={dimension} className={css.group}>
            <legend>{t(`search.facet.${dimension}`)}</legend>
            <div className={css.chips}>
              {all.map((facet) => {
                const chosen = narrow[dimension] === facet.value;
                return (
                  <button
                    key={facet.value}
                    type="button"
                    data-facet={dimension}
                    data-testid={`facet-${dimension}`}
                    className={cx(css.chip, chosen && css.chosen)}
                    aria-pressed={chosen}
                    onClick={() => onNarrow({ ...narrow, [dimension]: chosen ? "" : facet.value })}
                  >
                    <span>{words(dimension, facet)}</span>
                    <span className={css.count}>{shown(facet.count)}</span>
                  </button>
                );
              })}
            </div>
          </fieldset>
        );
      })}
      {facets?.is_more === true && (
        <p className={css.note}>{t("search.facetsOf", { number: shown(facets.counted) })}</p>
      )}
    </section>
  );
});
