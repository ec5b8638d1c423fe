import type { RefObject } from "react";
import { useShortcut } from "../../shared/useShortcut";

interface TrayKeys {
  page: RefObject<HTMLElement | null>;
  onMark: () => void;
  onMarkUnread: () => void;
  /** None while a signing is being prepared or under way. */
  onSign: (() => void) | null;
  onBack: () => void;
}

/** A step of the page: as much as stays readable from one screen to the next. */
const STEP = 0.85;

/** The keys of the tray. They work wherever the focus is, but a focused button keeps its Space. */
export function useTrayKeys({ page, onMark, onMarkUnread, onSign, onBack }: TrayKeys): void {
  const scroll = (direction: 1 | -1) => {
    const viewer = page.current?.querySelector<HTMLElement>("[data-viewer]");
    viewer?.scrollBy({ top: direction * viewer.clientHeight * STEP });
  };
  useShortcut("tray.mark", onMark);
  useShortcut("tray.unread", onMarkUnread);
  useShortcut("tray.down", () => scroll(1));
  useShortcut("tray.up", () => scroll(-1));
  useShortcut("tray.sign", () => onSign?.(), onSign !== null);
  useShortcut("back", onBack);
}
