import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import type { FileDto } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { allowedActs } from "../handling/acts";
import { type ActDraft, draftKeyOf, keptText } from "../handling/draft";
import type { Acting } from "../handling/useHandling";
import type { Lit } from "../viewer/lit";
import { FaultList } from "./FaultList";
import css from "./Format.module.css";
import { FormatSummary } from "./FormatSummary";
import { faultsOf, pageRanges, reasonOf, Words } from "./findings";
import { useFormat } from "./useFormat";

interface FormatPanelProps {
  document: string;
  /** The file whose pages are beside it; none while it is not here or is no PDF. */
  file: FileDto | undefined;
  acting: Acting;
  /** Lights places on the pages, and goes to one. */
  onLit: (lit: Lit | null) => void;
}

/** What is not set on the pages as the decree asks, beside the pages. */
export function FormatPanel({ document, file, acting, onLit }: FormatPanelProps) {
  const { t, i18n } = useTranslation();
  const { read, remember } = useSettings();
  const { check, error, again } = useFormat(file?.head);
  const review = check?.review ?? null;
  const faults = useMemo(() => (review === null ? [] : faultsOf(review)), [review]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const [place, setPlace] = useState<number | null>(null);
  const [lacks, setLacks] = useState(false);

  // All places in the list's order, each lit; one of them is gone to.
  const hits = useMemo(
    () =>
      faults.flatMap(({ places }) =>
        places.map((one) => ({ page: one.page, boxes: one.place === null ? [] : [one.place] })),
      ),
    [faults],
  );
  const current = Math.min(at, Math.max(0, faults.length - 1));
  const before = faults.slice(0, current).reduce((sum, { places }) => sum + places.length, 0);
  const gone = place === null ? null : before + place;
  const [went, setWent] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to the same place again scrolls again.
  useEffect(() => {
    onLit({ tone: "fault", hits, current: gone === null ? null : { at: gone } });
  }, [hits, gone, went, onLit]);
  useEffect(() => () => onLit(null), [onLit]);

  if (file === undefined) return <p className={css.quiet}>{t("format.noFile")}</p>;
  const acts = allowedActs(acting.handling);
  const mayReturn = acts.includes("return") && faults.length > 0;
  const move = (to: number) => {
    setAt(to);
    if (to !== current) setPlace(null);
  };
  const go = (to: number) => {
    const count = faults[to]?.places.length ?? 1;
    setPlace(to === current && place !== null ? (place + 1) % count : 0);
    setWent((n) => n + 1);
  };
  const choose = (id: string) => {
    setLacks(false);
    setChosen((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  };
  const sendBack = () => {
    const picked = faults.filter(({ id }) => chosen.has(id));
    if (picked.length === 0) return setLacks(true);
    const key = draftKeyOf(document, "return");
    const words = new Words(t, i18n.language);
    const more = (count: number) => t("format.more", { count });
    const text = reasonOf(picked, keptText(read(key)), words, more);
    void remember(key, JSON.stringify({ text } satisfies Partial<ActDraft>));
    acting.start("return");
  };
  return (
    <div className={css.panel} data-testid="format-panel">
      <div className={css.top}>
        <FormatSummary check={check} faults={faults} />
        {review?.checked === false && <p className={css.quiet}>{t("format.imageText")}</p>}
        {review?.checked === true && review.unchecked.length > 0 && (
          <p className={css.quiet}>{t("format.partly", { pages: pageRanges(review.unchecked) })}</p>
        )}
        {review?.checked === true && review.empty.length > 0 && (
          <p className={css.quiet}>
            {t("format.empty", {
              count: review.empty.length,
              pages: pageRanges(review.empty),
            })}
          </p>
        )}
        {review?.checked === true && faults.length === 0 && (
          <p className={css.quiet}>{t("format.passText")}</p>
        )}
        <p className={css.quiet}>{t("format.by")}</p>
        {error !== null && (
          <ErrorMessage error={error}>
            <Button onClick={again}>{t("app.retry")}</Button>
          </ErrorMessage>
        )}
      </div>
      {faults.length > 0 && (
        <>
          <p className={css.hint}>{t(mayReturn ? "format.hint" : "format.hintRead")}</p>
          <FaultList
            faults={faults}
            current={current}
            place={place}
            onMove={move}
            onGo={go}
            chosen={mayReturn ? chosen : undefined}
            onChoose={choose}
          />
        </>
      )}
      {(mayReturn || acts.includes("check_format")) && (
        <div className={css.foot}>
          {lacks && <p className={css.lacks}>{t("format.none")}</p>}
          {mayReturn && (
            <Button icon="undo" onClick={sendBack} data-testid="format-back">
              {t("format.back", { count: chosen.size })}
            </Button>
          )}
          {acts.includes("check_format") && (
            <Button
              icon="check"
              shortcut={keyLabel("act.check_format")}
              onClick={() => acting.start("check_format")}
              data-testid="format-approve"
            >
              {t("format.approve")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
