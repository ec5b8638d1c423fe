import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { FileHit, PageSize } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { NoteBoxLayer } from "../opinions/NoteBoxLayer";
import type { NoteBoxControl } from "../opinions/noteBox";
import { PlacementLayer } from "../signing/PlacementLayer";
import type { PlacementControl } from "../signing/usePlacement";
import { pixelsAcross } from "./fit";
import { HitLayer } from "./HitLayer";
import type { Lit } from "./lit";
import css from "./PageView.module.css";
import { TextLayer } from "./TextLayer";
import { type Turns, turnedSize, turnTransform } from "./turning";

interface PageViewProps {
  sha256: string;
  /** From 0. */
  page: number;
  count: number;
  size: PageSize;
  pxPerMm: number;
  /** The scale at which the picture is asked for; 0 while the layout is not known. */
  drawPxPerMm: number;
  mayDraw: boolean;
  mayRead: boolean;
  onDrawn: () => void;
  placement: PlacementControl | undefined;
  noteBox: NoteBoxControl | undefined;
  turns: Turns;
  /** The words on this page that were looked for, with their places among all. */
  hits: ReadonlyArray<{ hit: FileHit; at: number }>;
  /** Places on this page that something beside it points at, with their places among all. */
  lit: { tone: Lit["tone"]; hits: PageViewProps["hits"]; current: number | undefined } | undefined;
  /** Of two viewers, which: told apart by name. */
  within: string | undefined;
  /** Which of all hits is shown. */
  hit: number | undefined;
}

/** One page: its picture in the screen's own pixels, its words over it, and the signature's box. */
export function PageView(props: PageViewProps) {
  const { sha256, page, count, size, pxPerMm, drawPxPerMm, mayDraw, mayRead, onDrawn } = props;
  const { placement, noteBox, turns, hits, hit, lit, within } = props;
  const { t } = useTranslation();
  const [shown, setShown] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);

  const pixels = pixelsAcross(size, drawPxPerMm);
  const again = attempt === 0 ? "" : `&again=${attempt}`;
  const url = host().pageUrl(sha256, page, pixels) + again;
  const wanted = mayDraw && pixels > 0 && failed !== url ? url : null;
  // The old picture stays until the new one is there: nothing flashes on zoom or after signing.
  const sources = [...new Set([shown, wanted])].filter((source) => source !== null);

  const text = useRead(
    "file",
    "page_text",
    { sha256, page },
    { enabled: mayRead && shown !== null },
  );
  const width = size.width_mm * pxPerMm;
  const height = size.height_mm * pxPerMm;
  const onScreen = turnedSize({ width_mm: width, height_mm: height }, turns);
  const number = t("viewer.page", { number: page + 1, count });
  const label = within === undefined ? number : `${within} · ${number}`;
  const wordless = text.data !== undefined && text.data.runs.length === 0;

  return (
    <section
      className={css.page}
      style={{ width: onScreen.width_mm, height: onScreen.height_mm }}
      aria-label={label}
    >
      <div
        className={css.face}
        style={{ width, height, transform: turnTransform(turns, width, height) }}
      >
        {sources.map((source) => (
          <img
            key={source}
            src={source}
            className={cx(css.image, source !== shown && css.coming)}
            alt={wordless ? t("viewer.scan", { number: page + 1 }) : ""}
            draggable={false}
            decoding="async"
            data-testid={source === shown ? `page-image-${page}` : undefined}
            onLoad={() => {
              setShown(source);
              onDrawn();
            }}
            onError={() => {
              setFailed(source);
              onDrawn();
            }}
          />
        ))}
        {text.data !== undefined && shown !== null && (
          <TextLayer page={page} runs={text.data.runs} width={width} height={height} />
        )}
        <HitLayer hits={hits} current={hit} />
        {lit !== undefined && <HitLayer hits={lit.hits} current={lit.current} tone={lit.tone} />}
        {placement !== undefined && (
          // Millimetres are those of the page the right way up: turned, the box is only looked at.
          <div inert={turns !== 0} className={css.placement}>
            <PlacementLayer page={page} pxPerMm={pxPerMm} control={placement} />
          </div>
        )}
        {noteBox !== undefined && turns === 0 && (
          <NoteBoxLayer page={page} size={size} pxPerMm={pxPerMm} control={noteBox} />
        )}
      </div>
      {shown === null && failed !== url && (
        <p className={css.waiting} data-testid="page-waiting">
          {t("viewer.rendering", { number: page + 1 })}
        </p>
      )}
      {failed === url && (
        <div className={css.failed}>
          <ErrorMessage error={new CommandError("PAGE_FAILED", { page: String(page + 1) })}>
            <Button onClick={() => setAttempt(attempt + 1)}>{t("app.retry")}</Button>
          </ErrorMessage>
        </div>
      )}
    </section>
  );
}
