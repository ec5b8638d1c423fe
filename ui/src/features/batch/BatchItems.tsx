import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { BatchItem, BatchItemState } from "../../generated/types";
import { cx } from "../../shared/cx";
import { Icon, type IconName } from "../../shared/icons/Icon";
import css from "./BatchItems.module.css";
import { reasonOf } from "./report";

const ICONS: Record<BatchItemState, IconName> = {
  WAITING: "clock",
  PREPARING: "document",
  SIGNING: "sign",
  SIGNED: "seal",
  SKIPPED: "skip",
  FAILED: "error",
  UNTOUCHED: "circle",
};
/** CSS pixels of a line before it is measured. */
const LINE = 46;

interface BatchItemsProps {
  items: readonly BatchItem[];
  /** Keep the line at work in sight. */
  follow: boolean;
}

/** One line per document: an icon, its title, its state in words, the level it reached. */
export function BatchItems({ items, follow }: BatchItemsProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 8,
  });
  const current = items.findIndex((item) => item.state === "SIGNING" || item.state === "PREPARING");
  useEffect(() => {
    if (follow && current >= 0) virtual.scrollToIndex(current, { align: "auto" });
  }, [follow, current, virtual]);
  return (
    <section
      ref={scroller}
      className={css.scroller}
      aria-label={t("batch.items")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the keys.
      tabIndex={0}
    >
      <ol className={css.space} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((line) => {
          const item = items[line.index];
          if (item === undefined) return null;
          const reason = reasonOf(item, t);
          return (
            <li
              // Heights are kept by place, and so are elements.
              key={line.key}
              ref={virtual.measureElement}
              data-index={line.index}
              className={cx(css.line, css[item.state])}
              style={{ transform: `translateY(${line.start}px)` }}
              data-testid="batch-item"
              data-state={item.state}
              data-code={item.code ?? undefined}
            >
              <Icon name={ICONS[item.state]} size={20} className={css.icon} />
              <div className={css.what}>
                <p className={css.title}>{item.title}</p>
                <p className={css.state}>
                  {t(`batch.state.${item.state}`)}
                  {item.level !== null && ` · ${t(`level.short.${levelKey(item.level)}`)}`}
                </p>
                {reason !== null && <p className={css.reason}>{reason}</p>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const LEVELS = ["B-B", "B-T", "B-LT", "B-LTA"] as const;

/** A level as the catalogue names it; one of a newer engine reads as the basic one. */
export function levelKey(level: string): (typeof LEVELS)[number] {
  return LEVELS.find((known) => known === level) ?? "B-B";
}
