import { useTranslation } from "react-i18next";
import { useCount } from "../search/useCount";
import css from "./Statistics.module.css";

interface FigureProps {
  count: number;
  /** What it counts, in words. */
  of: string;
  onOpen: () => void;
  testId: string;
}

/** A number that opens the documents behind it; nothing is behind a zero. */
export function Figure({ count, of, onOpen, testId }: FigureProps) {
  const { t } = useTranslation();
  const shown = useCount()(count);
  if (count === 0) return <span className={css.zero}>{shown}</span>;
  return (
    <button
      type="button"
      className={css.figure}
      aria-label={t("statistics.open", { number: shown, of })}
      onClick={onOpen}
      data-testid={testId}
      data-count={count}
    >
      {shown}
    </button>
  );
}
