import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { FoundPage, SearchAsked } from "../../generated/types";
import css from "./Understood.module.css";

const FIELDS = [
  "number",
  "arrival",
  "day",
  "agency",
  "signer",
  "subject",
  "pages",
  "other",
  "from",
  "to",
  "year",
  "kind",
  "direction",
  "urgency",
  "state",
  "due",
  "without",
] as const;

/** How what was typed is understood, and what of it is not. */
export const Understood = memo(function Understood({ page }: { page: FoundPage | undefined }) {
  const { t } = useTranslation();
  const asked = page?.asked ?? [];
  const unknown = page?.unknown ?? [];
  if (asked.length === 0 && unknown.length === 0) return null;
  const name = (one: SearchAsked) => {
    const field = FIELDS.find((known) => known === one.field);
    const word = field === undefined ? one.field : t(`search.field.${field}`);
    return one.not && one.field !== "without" ? t("search.notField", { field: word }) : word;
  };
  return (
    <p className={css.line} data-testid="understood">
      {asked.map((one, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, in its order.
        <span key={i} className={css.part}>
          {name(one)}: <b>{one.value}</b>
        </span>
      ))}
      {unknown.length > 0 && (
        <span className={css.unknown} data-testid="not-understood">
          {t("search.unknown", { text: unknown.join(", ") })}
        </span>
      )}
    </p>
  );
});
