import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { IconButton } from "../../shared/IconButton";
import { ChangesBar, ChangesList } from "./ChangesBar";
import css from "./Compare.module.css";
import type { Lit } from "./lit";
import type { Beside } from "./Pages";
import { Together } from "./together";
import { useChanges } from "./useChanges";
import { Viewer } from "./Viewer";

/** A file that is kept on the left, so that another is put beside it. */
export interface Held {
  document: string;
  file: string;
  sha256: string;
  title: string;
}

/** What is chosen while a file is kept. */
interface Chosen {
  document: string;
  file: string;
  title: string;
}

/** Whether the one that is chosen is another than the one that is kept. */
export function isOther(held: Held | null, chosen: Chosen): held is Held {
  return held !== null && (held.document !== chosen.document || held.file !== chosen.file);
}

interface HoldBarProps {
  held: Held;
  onStop: () => void;
}

/** Says that a file is kept and what to do now. */
export function HoldBar({ held, onStop }: HoldBarProps) {
  const { t } = useTranslation();
  return (
    <div className={css.bar} role="status" data-testid="compare-hold">
      <p className={css.words}>{t("compare.held", { title: held.title })}</p>
      <Button onClick={onStop} shortcut={keyLabel("back")}>
        {t("compare.stop")}
      </Button>
    </div>
  );
}

interface CompareProps {
  held: Held;
  /** Name of the file on the right. */
  title: string;
  /** The state of that file; none while there are no pages of it to show. */
  sha256: string | undefined;
  /** Whether both are states of one document: then what differs is what they are looked at for. */
  versions: boolean;
  /** The viewer on the right, or why there is none. */
  right: (beside: Beside, lit: Lit | undefined) => ReactNode;
  listOpen: boolean;
  /** Shows or hides the list; not where both files are of one document. */
  onList: (() => void) | undefined;
  onStop: () => void;
}

/** Two files side by side, scrolled together or each by itself, with what differs in their words. */
export function Compare(props: CompareProps) {
  const { held, title, sha256, versions, right, listOpen, onList, onStop } = props;
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const [one, setOne] = useState<HTMLElement | null>(null);
  const [other, setOther] = useState<HTMLElement | null>(null);
  const tied = read("compare.tied") !== "0";
  const [comparing, setComparing] = useState(versions);
  const changes = useChanges(held.sha256, sha256, comparing);
  const { lit, current } = changes;
  // A change that both sides go to is at another height on each: they are tied again, as they then
  // stand, when a hand scrolls on.
  const [apart, setApart] = useState(false);
  const onBoth = lit?.left.current != null && lit.right.current != null;
  useEffect(() => {
    if (current !== null && onBoth) setApart(true);
  }, [current, onBoth]);
  useEffect(() => {
    if (!apart || one === null || other === null) return;
    const tie = () => setApart(false);
    const events = ["wheel", "pointerdown", "keydown"] as const;
    for (const column of [one, other])
      for (const event of events) column.addEventListener(event, tie);
    return () => {
      for (const column of [one, other])
        for (const event of events) column.removeEventListener(event, tie);
    };
  }, [apart, one, other]);
  useEffect(() => {
    if (!tied || apart || one === null || other === null) return;
    const both = new Together(one, other);
    const onScroll = (event: Event) => both.moved(event.currentTarget as HTMLElement);
    for (const column of [one, other]) column.addEventListener("scroll", onScroll);
    return () => {
      for (const column of [one, other]) column.removeEventListener("scroll", onScroll);
    };
  }, [tied, apart, one, other]);
  const names = {
    left: t("compare.left", { title: held.title }),
    right: t("compare.right", { title }),
  };
  const leftBeside = useMemo(() => ({ label: names.left, onScroller: setOne }), [names.left]);
  const rightBeside = useMemo(() => ({ label: names.right, onScroller: setOther }), [names.right]);
  return (
    <div className={css.compare} data-testid="compare">
      <div className={css.bar} role="toolbar" aria-label={t("compare.label")}>
        <div className={css.acts}>
          {onList !== undefined && (
            <IconButton
              icon="nav"
              label={t(listOpen ? "compare.listHide" : "compare.listShow")}
              pressed={listOpen}
              onClick={onList}
              data-testid="compare-list"
            />
          )}
          <Button
            icon={tied ? "check" : "link"}
            aria-pressed={tied}
            onClick={() => remember("compare.tied", tied ? "0" : "1")}
            data-testid="compare-tied"
          >
            {t("compare.tied")}
          </Button>
          {sha256 !== undefined && (
            <Button
              icon={comparing ? "check" : "search"}
              aria-pressed={comparing}
              onClick={() => setComparing(!comparing)}
              data-testid="compare-words"
            >
              {t("diff.show")}
            </Button>
          )}
        </div>
        <Button onClick={onStop} shortcut={keyLabel("back")} data-testid="compare-stop">
          {t("compare.stop")}
        </Button>
      </div>
      {comparing && sha256 !== undefined && (
        <ChangesBar changes={changes} onStop={() => setComparing(false)} />
      )}
      <div className={css.both}>
        <div className={css.side}>
          <p className={css.title} title={held.title}>
            {held.title}
          </p>
          <Viewer
            key={held.file}
            sha256={held.sha256}
            placement={undefined}
            document={held.document}
            lit={lit?.left}
            beside={leftBeside}
          />
        </div>
        <div className={css.side}>
          <p className={css.title} title={title}>
            {title}
          </p>
          {right(rightBeside, lit?.right)}
        </div>
      </div>
      {comparing && <ChangesList changes={changes} />}
    </div>
  );
}
