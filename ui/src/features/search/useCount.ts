import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** Counts as they are written in the language of the desk. */
export function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const numbers = new Intl.NumberFormat(i18n.language);
    return (count) => numbers.format(count);
  }, [i18n.language]);
}
