import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterPageDto, ReadPlace } from "../../generated/types";
import { PagePicture } from "./LetterPages";
import css from "./Loupe.module.css";

/** Height of the loupe in CSS pixels, and how large a line of text may become in it. */
const HEIGHT = 54;
const MOST_PX_PER_POINT = 2.2;

interface LoupeProps {
  pages: readonly LetterPageDto[];
  place: ReadPlace | undefined;
}

/** The place on the paper that the field in focus was read from, large enough to compare letter by
 * letter, right above the fields. */
export function Loupe({ pages, place }: LoupeProps) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => setRoom(frame.current?.clientWidth ?? 0), []);
  const page = place === undefined ? undefined : pages[place.page];
  return (
    <div ref={frame} className={css.loupe} style={{ height: HEIGHT }} data-testid="loupe">
      {place === undefined || page === undefined || room === 0 ? (
        <p className={css.none}>{t("intake.noPlace")}</p>
      ) : (
        <Cut page={page} place={place} room={room} />
      )}
    </div>
  );
}

function Cut({ page, place, room }: { page: LetterPageDto; place: ReadPlace; room: number }) {
  const { t } = useTranslation();
  const scale = Math.min(
    MOST_PX_PER_POINT,
    (room - 16) / Math.max(40, place.w * page.width_pt),
    (HEIGHT - 14) / Math.max(8, place.h * page.height_pt),
  );
  const width = page.width_pt * scale;
  const height = page.height_pt * scale;
  const left = room / 2 - (place.x + place.w / 2) * width;
  const top = HEIGHT / 2 - (place.y + place.h / 2) * height;
  return (
    <div
      className={css.paper}
      style={{ width, height, transform: `translate(${left}px, ${top}px)` }}
    >
      <PagePicture
        page={page}
        width={width}
        height={height}
        alt={t("intake.loupe")}
        // One picture for all fields of a page: asked for once.
        pixelsPerPoint={MOST_PX_PER_POINT * window.devicePixelRatio}
      />
    </div>
  );
}
