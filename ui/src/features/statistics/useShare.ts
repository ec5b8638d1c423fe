import { useTranslation } from "react-i18next";

/** A part of a whole to a tenth of a percent; of nothing there is none. */
export function useShare(): (part: number, whole: number) => string {
  const { i18n } = useTranslation();
  const numbers = new Intl.NumberFormat(i18n.language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return (part, whole) =>
    whole === 0 ? "–" : `${numbers.format(Math.round((part * 1000) / whole) / 10)} %`;
}
