import { useEffect } from "react";
import { useSettings } from "../../api/settings";
import { LANGUAGES, type Language, speak } from "../../i18n";

export const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
export const DENSITIES = ["comfortable", "compact"] as const;
type Density = (typeof DENSITIES)[number];

const DARK = "(prefers-color-scheme: dark)";
/** A copy for the very first paint, before the core has been asked. */
const LAST = "congvan.appearance";

function oneOf<V extends string>(values: readonly V[], value: string | undefined): V {
  return values.find((known) => known === value) ?? (values[0] as V);
}

function paint(theme: Theme, language: Language, density: Density): void {
  const dark = theme === "dark" || (theme === "system" && window.matchMedia(DARK).matches);
  const root = document.documentElement;
  root.dataset.theme = dark ? "dark" : "light";
  root.dataset.density = density;
  if (root.lang !== language) speak(language);
}

/** Paints the window as it was the last time, before anything else is drawn. */
export function paintAsLastTime(): void {
  const [theme, language, density] = (localStorage.getItem(LAST) ?? "").split(" ");
  paint(oneOf(THEMES, theme), oneOf(LANGUAGES, language), oneOf(DENSITIES, density));
}

/** How the desk looks: read it, change it; changes are remembered. */
export function useAppearanceSettings() {
  const { read, remember, ready } = useSettings();
  return {
    ready,
    theme: oneOf(THEMES, read("theme")),
    language: oneOf(LANGUAGES, read("language")),
    density: oneOf(DENSITIES, read("density")),
    set: (key: "theme" | "language" | "density", value: string) => remember(key, value),
  };
}

/** Keeps the window looking as the settings say. */
export function useAppearance(): void {
  const { theme, language, density, ready } = useAppearanceSettings();
  useEffect(() => {
    if (!ready) return;
    paint(theme, language, density);
    localStorage.setItem(LAST, `${theme} ${language} ${density}`);
    const media = window.matchMedia(DARK);
    const repaint = () => paint(theme, language, density);
    media.addEventListener("change", repaint);
    return () => media.removeEventListener("change", repaint);
  }, [theme, language, density, ready]);
}
