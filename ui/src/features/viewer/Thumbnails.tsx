import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { PageSize } from "../../generated/types";
import { isKey } from "../../keymap";
import { host } from "../../platform";
import { cx } from "../../shared/cx";
import css from "./Thumbnails.module.css";
import { type Turns, turnedSize, turnTransform } from "./turning";

interface ThumbnailsProps {
  sha256: string;
  pages: readonly PageSize[];
  turns: Turns;
  /** The page that is read, from 0. */
  current: number;
  /** The pages that are read go first. */
  mayDraw: boolean;
  onGo: (page: number) => void;
  /** The reader goes back to the pages. */
  onLeave: () => void;
}

/** The longer side that a small page may have, and the room for its number below, CSS pixels. */
const SIDE = 118;
const WIDTH = 84;
const NUMBER = 34;

/** The pages, small, the one that is read marked. One stop of the Tab key; arrows go by page. */
export function Thumbnails(props: ThumbnailsProps) {
  const { sha256, pages, turns, current, mayDraw, onGo, onLeave } = props;
  const { t } = useTranslation();
  const id = useId();
  const strip = useRef<HTMLDivElement>(null);
  const places = pages.map((page) => small(turnedSize(page, turns)));
  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => strip.current,
    estimateSize: (index) => (places[index]?.height ?? SIDE) + NUMBER,
    overscan: 3,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turned page has another height.
  useEffect(() => virtual.measure(), [turns, virtual]);
  useEffect(() => virtual.scrollToIndex(current), [current, virtual]);

  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    if (isKey(key, "list.down")) onGo(Math.min(current + 1, pages.length - 1));
    else if (isKey(key, "list.up")) onGo(Math.max(current - 1, 0));
    else if (isKey(key, "list.first")) onGo(0);
    else if (isKey(key, "list.last")) onGo(pages.length - 1);
    else if (isKey(key, "list.open") || isKey(key, "back")) onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const items = virtual.getVirtualItems();
  const isShown = items.some((item) => item.index === current);
  return (
    <div
      ref={strip}
      className={css.strip}
      role="listbox"
      aria-label={t("viewer.strip")}
      aria-activedescendant={isShown ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      data-testid="thumbnails"
    >
      <div className={css.space} style={{ height: virtual.getTotalSize() }} role="presentation">
        {items.map((item) => {
          const size = pages[item.index];
          const place = places[item.index];
          if (size === undefined || place === undefined) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys.
            <div
              key={item.key}
              id={`${id}-${item.index}`}
              role="option"
              tabIndex={-1}
              aria-selected={item.index === current}
              aria-setsize={pages.length}
              aria-posinset={item.index + 1}
              aria-label={t("viewer.page", { number: item.index + 1, count: pages.length })}
              className={cx(css.item, item.index === current && css.current)}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
              onClick={() => onGo(item.index)}
              data-testid={`thumbnail-${item.index}`}
            >
              <Picture
                sha256={sha256}
                page={item.index}
                size={size}
                turns={turns}
                place={place}
                mayDraw={mayDraw && !virtual.isScrolling}
              />
              <span className={css.number} aria-hidden="true">
                {item.index + 1}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface Place {
  width: number;
  height: number;
}

/** How large a small page is. */
function small(size: PageSize): Place {
  const scale = Math.min(WIDTH / size.width_mm, SIDE / size.height_mm);
  return { width: size.width_mm * scale, height: size.height_mm * scale };
}

interface PictureProps {
  sha256: string;
  page: number;
  size: PageSize;
  turns: Turns;
  place: Place;
  mayDraw: boolean;
}

function Picture({ sha256, page, size, turns, place, mayDraw }: PictureProps) {
  const upright = turns % 2 === 0;
  const width = upright ? place.width : place.height;
  const height = upright ? place.height : place.width;
  // Once asked for, a picture stays: scrolling away and back draws nothing anew.
  const asked = useRef<string | null>(null);
  if (mayDraw && size.width_mm > 0) {
    asked.current = host().pageUrl(sha256, page, Math.round(width * window.devicePixelRatio));
  }
  return (
    <div className={css.paper} style={{ width: place.width, height: place.height }}>
      {asked.current !== null && (
        <img
          src={asked.current}
          alt=""
          className={css.picture}
          style={{ width, height, transform: turnTransform(turns, width, height) }}
          draggable={false}
          decoding="async"
        />
      )}
    </div>
  );
}
