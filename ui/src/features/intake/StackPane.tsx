import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { StackDto } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { piecesOf } from "./cutting";
import css from "./StackPane.module.css";
import type { PageWork } from "./usePages";

/** CSS pixels of a small page in the preview. */
const SMALL = { width: 64, height: 90 } as const;

interface StackPaneProps {
  stack: StackDto;
  /** Counts up when the first choice is to take the focus. */
  focus: number;
  work: PageWork;
  onOpenLetter: (letter: string) => void;
}

/** A file that needs a decision: why it could not be taken in, or the cut before it counts. */
export function StackPane({ stack, focus, work, onOpenLetter }: StackPaneProps) {
  const { t } = useTranslation();
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus > 0) first.current?.focus();
  }, [focus]);
  const refused = work.act.error !== null && <ErrorMessage error={work.act.error} />;
  if (stack.split !== null && stack.code === null) {
    return <Cut stack={stack} split={stack.split} work={work} firstRef={first} refused={refused} />;
  }
  const same = stack.same_as;
  return (
    <div className={css.pane}>
      <section className={css.box} aria-label={stack.name} data-testid="stack-fault">
        <h2 className={css.title}>
          <Icon name="document" size={20} />
          {stack.name}
        </h2>
        {refused}
        <ErrorMessage error={new CommandError(stack.code ?? "INTERNAL")}>
          {same !== null && (
            <Button ref={first} onClick={() => onOpenLetter(same)}>
              {t("intake.openSame")}
            </Button>
          )}
          <Button
            ref={same === null ? first : undefined}
            icon="check"
            onClick={() => work.act.mutate({ act: "DISMISS_STACK", stack: stack.id })}
            data-testid="stack-dismiss"
          >
            {t("intake.dismissStack")}
          </Button>
        </ErrorMessage>
      </section>
    </div>
  );
}

interface CutProps {
  stack: StackDto;
  split: NonNullable<StackDto["split"]>;
  work: PageWork;
  firstRef: React.RefObject<HTMLButtonElement | null>;
  refused: React.ReactNode;
}

function Cut({ stack, split, work, firstRef, refused }: CutProps) {
  const { t } = useTranslation();
  const pieces = piecesOf(split, stack.pages ?? 0);
  const settle = (accept: boolean) =>
    work.act.mutate({ act: "SETTLE_SPLIT", stack: stack.id, accept });
  return (
    <div className={css.pane}>
      <section className={css.box} aria-label={t("intake.askCut")} data-testid="stack-cut">
        <h2 className={css.title}>
          <Icon name="split" size={20} />
          {t("intake.cutTitle", { name: stack.name, count: pieces.length })}
        </h2>
        <p className={css.safe}>
          {t("intake.cutSafe")} {split.blank.length > 0 && t("intake.cutBlank")}{" "}
          {split.sheets.length > 0 && t("intake.cutSheets", { count: split.sheets.length })}
        </p>
        {refused}
        <div className={css.acts}>
          <Button
            ref={firstRef}
            tone="main"
            icon="split"
            disabled={work.act.isPending}
            onClick={() => settle(true)}
            data-testid="cut-accept"
          >
            {t("intake.cutAccept", { count: pieces.length })}
          </Button>
          <Button
            icon="merge"
            disabled={work.act.isPending}
            onClick={() => settle(false)}
            data-testid="cut-refuse"
          >
            {t("intake.cutRefuse")}
          </Button>
        </div>
        <ol className={css.letters}>
          {pieces.map((piece, i) => (
            <li key={piece[0]} className={css.letter} data-testid="cut-piece">
              <h3 className={css.letterTitle}>
                {t("intake.cutPiece", { number: i + 1, count: piece.length })}
              </h3>
              <div className={css.smalls}>
                {piece.map((page) => {
                  const blank = split.blank.includes(page);
                  return (
                    <span key={page} className={cx(css.small)}>
                      {stack.sha256 !== null && (
                        <img
                          src={host().pageUrl(
                            stack.sha256,
                            page,
                            Math.ceil(SMALL.width * window.devicePixelRatio),
                          )}
                          alt=""
                          loading="lazy"
                          className={css.picture}
                          width={SMALL.width}
                          height={SMALL.height}
                        />
                      )}
                      <span className={blank ? css.blank : undefined}>
                        {blank
                          ? t("intake.cutBlankPage", { number: page + 1 })
                          : t("intake.cutPage", { number: page + 1 })}
                      </span>
                    </span>
                  );
                })}
              </div>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
