import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterPageDto, ReadPlace } from "../../generated/types";
import { isKey } from "../../keymap";
import { CommandError, host } from "../../platform";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Toolbar } from "../viewer/Toolbar";
import { useZoom } from "../viewer/useZoom";
import viewer from "../viewer/Viewer.module.css";
import css from "./LetterPages.module.css";

/** CSS pixels between pages and around them. */
const GAP = 14;
/** Millimetres in a point. */
const MM_PER_POINT = 25.4 / 72;

interface LetterPagesProps {
  pages: readonly LetterPageDto[];
  /** Where the field in focus was read. */
  lit: readonly ReadPlace[];
  /** Where the other fields were read. */
  others: readonly ReadPlace[];
  /** Bring this page (from 0) into sight; a new object for each request. */
  jump: { page: number } | null;
}

/** The pages of a letter, whatever stacks they are from, with the read places lit. */
export function LetterPages({ pages, lit, others, jump }: LetterPagesProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLElement>(null);
  const widest = Math.max(...pages.map((page) => page.width_pt * MM_PER_POINT), 100);
  const zoom = useZoom(scroller, widest, GAP);
  const height = (index: number) => (pages[index]?.height_pt ?? 842) * MM_PER_POINT * zoom.pxPerMm;
  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => scroller.current,
    estimateSize: height,
    gap: GAP,
    paddingStart: GAP,
    paddingEnd: GAP,
    overscan: 1,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the sizes follow the scale and the pages.
  useEffect(() => virtual.measure(), [zoom.pxPerMm, pages]);

  const first = lit[0];
  const target = first === undefined ? null : `${first.page} ${first.x} ${first.y}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another place is lit or the scale is known.
  useEffect(() => {
    const view = scroller.current;
    const page = first === undefined ? undefined : pages[first.page];
    if (view === null || first === undefined || page === undefined) return;
    const start = virtual.getOffsetForIndex(first.page, "start")?.[0] ?? 0;
    const top = start + GAP + first.y * height(first.page);
    const bottom = top + first.h * height(first.page);
    // What is in sight already stays where it is under the eye.
    if (top < view.scrollTop + 8 || bottom > view.scrollTop + view.clientHeight - 8) {
      virtual.scrollToOffset(Math.max(0, top - view.clientHeight / 3));
    }
    const width = page.width_pt * MM_PER_POINT * zoom.pxPerMm;
    view.scrollLeft = GAP + (first.x + first.w / 2) * width - view.clientWidth / 2;
  }, [target, zoom.settledPxPerMm]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per request.
  useEffect(() => {
    if (jump !== null) virtual.scrollToIndex(jump.page, { align: "start" });
  }, [jump]);

  const middle = (virtual.scrollOffset ?? 0) + (scroller.current?.clientHeight ?? 0) / 2;
  const current = virtual.getVirtualItemForOffset(middle)?.index ?? 0;
  const onKey = (event: KeyboardEvent) => {
    const pressed = event.nativeEvent;
    if (isKey(pressed, "zoom.in")) zoom.in();
    else if (isKey(pressed, "zoom.out")) zoom.out();
    else if (isKey(pressed, "zoom.fit")) zoom.fit();
    else return;
    event.preventDefault();
  };
  return (
    <div className={viewer.viewer}>
      <Toolbar
        page={Math.min(current, pages.length - 1)}
        count={pages.length}
        zoom={zoom}
        onGo={(page) => virtual.scrollToIndex(page, { align: "start" })}
      />
      <section
        ref={scroller}
        className={viewer.scroller}
        aria-label={t("viewer.label")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
        tabIndex={0}
        data-viewer=""
        onKeyDown={onKey}
        onWheel={zoom.onWheel}
      >
        <div
          className={viewer.space}
          style={{ height: virtual.getTotalSize(), width: widest * zoom.pxPerMm + 2 * GAP }}
        >
          {virtual.getVirtualItems().map((item) => {
            const page = pages[item.index];
            if (page === undefined) return null;
            const here = (place: ReadPlace) => place.page === item.index;
            return (
              <div
                key={`${page.sha256} ${page.page} ${item.index}`}
                className={viewer.slot}
                style={{ transform: `translate(-50%, ${item.start}px)` }}
              >
                <LetterPage
                  page={page}
                  number={item.index + 1}
                  count={pages.length}
                  pxPerMm={zoom.pxPerMm}
                  drawPxPerMm={zoom.settledPxPerMm}
                  lit={lit.filter(here)}
                  others={others.filter(here)}
                />
              </div>
            );
          })}
        </div>
      </section>
    </div>
  );
}

interface LetterPageProps {
  page: LetterPageDto;
  number: number;
  count: number;
  pxPerMm: number;
  drawPxPerMm: number;
  lit: readonly ReadPlace[];
  others: readonly ReadPlace[];
}

function LetterPage(props: LetterPageProps) {
  const { page, number, count, pxPerMm, drawPxPerMm, lit, others } = props;
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const width = page.width_pt * MM_PER_POINT * pxPerMm;
  const height = page.height_pt * MM_PER_POINT * pxPerMm;
  const box = (place: ReadPlace) => ({
    left: `${place.x * 100}%`,
    top: `${place.y * 100}%`,
    width: `${place.w * 100}%`,
    height: `${place.h * 100}%`,
  });
  return (
    <section
      className={css.page}
      style={{ width, height }}
      aria-label={t("viewer.page", { number, count })}
    >
      {drawPxPerMm > 0 && (
        <PagePicture
          page={page}
          width={width}
          height={height}
          alt={t("viewer.scan", { number })}
          pixelsPerPoint={MM_PER_POINT * drawPxPerMm * window.devicePixelRatio}
          onFailed={() => setFailed(true)}
          testId={`letter-image-${number - 1}`}
        />
      )}
      {failed && (
        <div className={css.failed}>
          <ErrorMessage error={new CommandError("PAGE_FAILED", { page: String(number) })} />
        </div>
      )}
      {others.map((place) => (
        <span
          key={`${place.x} ${place.y}`}
          className={css.place}
          style={box(place)}
          aria-hidden="true"
        />
      ))}
      {lit.map((place) => (
        <span
          key={`${place.x} ${place.y}`}
          className={cx(css.place, css.lit)}
          style={box(place)}
          aria-hidden="true"
          data-testid="lit-place"
        />
      ))}
    </section>
  );
}

interface PagePictureProps {
  page: LetterPageDto;
  /** CSS pixels after turning. */
  width: number;
  height: number;
  alt: string;
  pixelsPerPoint: number;
  onFailed?: () => void;
  testId?: string;
}

/** The picture of a page as it is registered: turned as the clerk turned it, and turned back from
 * lying askew around its middle, as the PDF turns it. */
export function PagePicture(props: PagePictureProps) {
  const { page, width, height, alt, pixelsPerPoint } = props;
  const lying = page.turns % 2 === 1;
  const points = lying ? page.height_pt : page.width_pt;
  const pixels = Math.max(16, Math.round(points * pixelsPerPoint));
  return (
    <img
      src={host().pageUrl(page.sha256, page.page, pixels)}
      alt={alt}
      className={css.picture}
      style={{
        width: lying ? height : width,
        height: lying ? width : height,
        transform: `translate(-50%, -50%) rotate(${page.turns * 90 - page.skew}deg)`,
      }}
      draggable={false}
      decoding="async"
      onError={props.onFailed}
      data-testid={props.testId}
    />
  );
}
