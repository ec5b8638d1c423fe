import { useTranslation } from "react-i18next";

/** Counts as they are written in the language of the desk. */
export function useCount(): (count: number) => string {
  const { i18n } = useTranslation();
  const numbers = new Intl.NumberFormat(i18n.language);
  return (count) => numbers.format(count);
}
