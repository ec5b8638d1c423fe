import { memo } from "react";
import { useTranslation } from "react-i18next";
import css from "./SearchGuide.module.css";

/** Examples as a clerk types them, each with what it finds; the text is for the search field as it is. */
const EXAMPLES = [
  "words",
  "phrase",
  "number",
  "agency",
  "signer",
  "subject",
  "kind",
  "days",
  "year",
  "due",
  "urgency",
  "direction",
  "without",
] as const;

/** Teaches how to search by examples that can be tried. */
export const SearchGuide = memo(function SearchGuide({ onTry }: { onTry: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <section className={css.guide} aria-labelledby="search-guide" data-testid="search-guide">
      <h2 id="search-guide" className={css.title}>
        {t("search.guide.title")}
      </h2>
      <p>{t("search.guide.text")}</p>
      <ul className={css.examples}>
        {EXAMPLES.map((example) => {
          const text = t(`search.example.${example}.typed`);
          return (
            <li key={example}>
              <button type="button" onClick={() => onTry(text)} data-testid="search-example">
                {text}
              </button>
              <span>{t(`search.example.${example}.finds`)}</span>
            </li>
          );
        })}
      </ul>
      <p className={css.note}>{t("search.guide.note")}</p>
    </section>
  );
});
