import { useVirtualizer } from "@tanstack/react-virtual";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterDetail, LetterPageDto } from "../../generated/types";
import { isKey, type KeyId, keyLabel } from "../../keymap";
import { cx } from "../../shared/cx";
import { IconButton } from "../../shared/IconButton";
import type { IconName } from "../../shared/icons/Icon";
import { PagePicture } from "./LetterPages";
import css from "./Strip.module.css";
import { dragged, moved, type PageWork } from "./usePages";

/** Width of a small page and height of its place, CSS pixels. */
const WIDTH = 68;
const PLACE = 122;

/** Pages that were taken up to be put into another letter. */
export interface Taken {
  letter: string;
  pages: number[];
}

interface StripProps {
  detail: LetterDetail;
  work: PageWork;
  taken: Taken | null;
  onTake: (taken: Taken | null) => void;
  onShow: (page: number) => void;
  onLeave: () => void;
  stripRef: React.RefObject<HTMLDivElement | null>;
}

/** The pages of a letter, small: cut here, put together, turn, move, take out. */
export function Strip(props: StripProps) {
  const { detail, work, taken, onTake, onShow, stripRef } = props;
  const { t } = useTranslation();
  const { pages } = detail;
  const letter = detail.card.id;
  const [current, setCurrent] = useState(0);
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set());
  const carried = useRef<number | null>(null);
  const at = Math.min(current, pages.length - 1);
  const virtual = useVirtualizer({
    count: pages.length,
    getScrollElement: () => stripRef.current,
    estimateSize: () => PLACE,
    overscan: 4,
  });
  const go = (page: number) => {
    const to = Math.max(0, Math.min(pages.length - 1, page));
    setCurrent(to);
    virtual.scrollToIndex(to);
    onShow(to);
  };
  const chosen = () => (marked.size > 0 ? [...marked].sort((a, b) => a - b) : [at]);
  const settle = () => setMarked(new Set());
  const order = (next: number[] | null, to: number) => {
    if (next === null) return;
    work.act.mutate({ act: "ORDER", letter, order: next });
    settle();
    setCurrent(Math.max(0, Math.min(pages.length - 1, to)));
  };
  const acts: ReadonlyArray<{
    key: KeyId;
    icon: IconName;
    does: () => void;
    may: boolean;
    shown: boolean;
  }> = [
    {
      key: "pages.split",
      icon: "split",
      may: at > 0,
      shown: true,
      does: () => work.act.mutate({ act: "SPLIT", letter, page: at }),
    },
    {
      key: "pages.merge",
      icon: "merge",
      may: true,
      shown: true,
      does: () => work.act.mutate({ act: "MERGE", letter }),
    },
    {
      key: "pages.turn",
      icon: "turn",
      may: true,
      shown: true,
      does: () => work.act.mutate({ act: "TURN", letter, page: at, turns: 1 }),
    },
    {
      key: "pages.turnBack",
      icon: "turn",
      may: true,
      shown: false,
      does: () => work.act.mutate({ act: "TURN", letter, page: at, turns: 3 }),
    },
    {
      key: "pages.straighten",
      icon: "straighten",
      may: true,
      shown: true,
      does: () =>
        work.act.mutate({ act: "STRAIGHTEN", letter, page: at, on: pages[at]?.straight !== true }),
    },
    {
      key: "pages.take",
      icon: "copy",
      may: true,
      shown: true,
      does: () => onTake({ letter, pages: chosen() }),
    },
    {
      key: "pages.put",
      icon: "download",
      may: taken !== null && taken.letter !== letter,
      shown: taken !== null && taken.letter !== letter,
      does: () => {
        if (taken === null) return;
        const { letter: from, pages: moving } = taken;
        work.act.mutate({ act: "INSERT", letter, before: at, from, pages: moving });
        onTake(null);
      },
    },
    {
      key: "pages.remove",
      icon: "trash",
      may: chosen().length < pages.length,
      shown: true,
      does: () => {
        work.act.mutate({ act: "REMOVE", letter, pages: chosen() });
        settle();
      },
    },
  ];
  const mark = () =>
    setMarked((old) => {
      const next = new Set(old);
      if (!next.delete(at)) next.add(at);
      return next;
    });
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const found = acts.find((each) => isKey(key, each.key));
    if (found !== undefined) {
      if (found.may) found.does();
    } else if (isKey(key, "list.down")) go(at + 1);
    else if (isKey(key, "list.up")) go(at - 1);
    else if (isKey(key, "list.first")) go(0);
    else if (isKey(key, "list.last")) go(pages.length - 1);
    else if (isKey(key, "pages.earlier")) order(moved(pages.length, at, -1), at - 1);
    else if (isKey(key, "pages.later")) order(moved(pages.length, at, 1), at + 1);
    else if (isKey(key, "pages.mark")) mark();
    else if (isKey(key, "back")) props.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const dropAt = (event: DragEvent, page: number) => {
    const from = carried.current;
    carried.current = null;
    if (from === null) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const before = event.clientY > box.top + box.height / 2 ? page + 1 : page;
    order(dragged(pages.length, from, before), before > from ? before - 1 : before);
  };
  return (
    <div className={css.side}>
      <div className={css.acts} role="toolbar" aria-label={t("pages.acts")}>
        {acts
          .filter((each) => each.shown)
          .map((each) => (
            <IconButton
              key={each.key}
              icon={each.icon}
              label={t(`key.${each.key.replace(".", "_")}` as "key.pages_split")}
              shortcut={keyLabel(each.key)}
              disabled={!each.may}
              onClick={each.does}
              data-testid={each.key.replace(".", "-")}
            />
          ))}
      </div>
      <div
        ref={stripRef}
        className={css.strip}
        role="listbox"
        tabIndex={0}
        aria-label={t("pages.label")}
        aria-multiselectable="true"
        aria-activedescendant={`small-page-${at}`}
        data-testid="page-strip"
        onKeyDown={onKey}
      >
        <div className={css.space} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const page = pages[item.index];
            if (page === undefined) return null;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
              <div
                key={`${page.stack} ${page.page} ${item.index}`}
                id={`small-page-${item.index}`}
                role="option"
                aria-selected={marked.has(item.index)}
                aria-label={pageWords(page, item.index)}
                className={cx(
                  css.place,
                  item.index === at && css.current,
                  marked.has(item.index) && css.marked,
                )}
                style={{ height: PLACE, transform: `translateY(${item.start}px)` }}
                draggable
                data-testid="small-page"
                onClick={() => go(item.index)}
                onDragStart={() => {
                  carried.current = item.index;
                }}
                onDragOver={(event) => carried.current !== null && event.preventDefault()}
                onDrop={(event) => dropAt(event, item.index)}
              >
                <SmallPage page={page} />
                <span className={css.foot}>
                  {marked.has(item.index) && "✓ "}
                  {item.index + 1}
                  {page.straight && ` · ${t("pages.straight")}`}
                  {page.blank && <em className={css.blank}> · {t("pages.blankShort")}</em>}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );

  function pageWords(page: LetterPageDto, index: number): string {
    const words = t("viewer.page", { number: index + 1, count: pages.length });
    return page.blank ? `${words}, ${t("pages.blank")}` : words;
  }
}

/** A small picture of a page. */
function SmallPage({ page }: { page: LetterPageDto }) {
  const scale = Math.min(WIDTH / page.width_pt, (PLACE - 26) / page.height_pt);
  const width = page.width_pt * scale;
  const height = page.height_pt * scale;
  return (
    <span className={css.paper} style={{ width, height }}>
      <PagePicture
        page={page}
        width={width}
        height={height}
        alt=""
        pixelsPerPoint={scale * window.devicePixelRatio}
      />
    </span>
  );
}
