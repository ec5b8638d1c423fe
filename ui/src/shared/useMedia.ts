import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** 1366×768 at 125 %: the navigation shows signs only and the details panel is a drawer. */
export const NARROW = "(max-width: 1199px)";

/** Room for everything at once: list, small pages, page and form. */
export const WIDE = "(min-width: 1600px)";
