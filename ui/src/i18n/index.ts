import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";
import vi from "./vi.json";

export const LANGUAGES = ["vi", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words of the desk. Vietnamese is the source; a missing key shows in Vietnamese. */
export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  resources: { vi: { translation: vi }, en: { translation: en } },
  lng: "vi",
  fallbackLng: "vi",
  interpolation: { escapeValue: false },
  returnNull: false,
  contextSeparator: "~",
  initAsync: false,
});

/** Speaks another language from now on. */
export function speak(language: Language): void {
  document.documentElement.lang = language;
  void i18n.changeLanguage(language);
}
