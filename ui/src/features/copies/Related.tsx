import { useTranslation } from "react-i18next";
import type { HandlingDto, RelatedDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { showDay } from "../intake/days";
import css from "./Copies.module.css";
import { useMaking } from "./making";
import { writePages } from "./pages";

/** What a document is to another one, and what others are to it, each with the way to it. */
export function Related({ handling }: { handling: HandlingDto }) {
  const { t } = useTranslation();
  const { origin, derived } = handling;
  if (origin === undefined && derived.length === 0) return null;
  return (
    <section>
      <h2 className={css.heading}>{t("copies.related")}</h2>
      <ul className={css.related} data-testid="related">
        {origin !== undefined && (
          <Line one={origin} words={t(`copies.of.${origin.relation}`, titleOf(origin))}>
            {origin.relation === "extract" && (
              <span className={css.quiet}>
                {t("copies.part", {
                  pages: writePages(origin.pages),
                  left: origin.left_out,
                })}
              </span>
            )}
          </Line>
        )}
        {derived.map((one) => (
          <Line
            key={`${one.relation} ${one.document ?? one.title}`}
            one={one}
            words={
              one.title === ""
                ? t(`copies.waits.${one.relation}`)
                : t(`copies.by.${one.relation}`, titleOf(one))
            }
          />
        ))}
      </ul>
    </section>
  );
}

/** What corrects or replaces a document, above everything that is done to it. */
export function Amended({ handling }: { handling: HandlingDto | undefined }) {
  const { t } = useTranslation();
  const by = handling?.derived.filter(isAmendment) ?? [];
  if (by.length === 0) return null;
  return (
    <ul className={css.amended} data-testid="amended">
      {by.map((one) => (
        <Line
          key={`${one.relation} ${one.document ?? one.title}`}
          one={one}
          words={t(`copies.by.${one.relation}`, titleOf(one))}
        />
      ))}
    </ul>
  );
}

function isAmendment(one: RelatedDto): boolean {
  return one.relation === "correction" || one.relation === "replacement";
}

/** Number and symbol with the day, as an office names a document. */
function titleOf({ title, issued_on }: RelatedDto) {
  return { title, day: issued_on === null ? "" : ` (${showDay(issued_on)})` };
}

interface LineProps {
  one: RelatedDto;
  words: string;
  children?: React.ReactNode;
}

function Line({ one, words, children }: LineProps) {
  const { t } = useTranslation();
  const making = useMaking();
  const { document } = one;
  return (
    <li className={css.line} data-relation={one.relation}>
      <span className={css.words}>
        <span>{words}</span>
        {children}
      </span>
      {document !== null && making !== null && (
        <Button
          tone="quiet"
          onClick={() => making.open(document)}
          aria-label={t("copies.openNamed", { title: one.title })}
          data-testid="related-open"
        >
          {t("copies.open")}
        </Button>
      )}
    </li>
  );
}
