import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type { LetterDetail } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { SafeWord } from "../../shared/SafeWord";
import { useMedia, WIDE } from "../../shared/useMedia";
import { useShortcut } from "../../shared/useShortcut";
import { FIELDS, type FieldName, placesOf } from "./fields";
import { LetterForm } from "./LetterForm";
import { LetterPages } from "./LetterPages";
import css from "./LetterPane.module.css";
import { Notes } from "./Notes";
import { RegisteredCard } from "./RegisteredCard";
import { SecretCard } from "./SecretCard";
import { Strip, type Taken } from "./Strip";
import { useLetterForm } from "./useLetterForm";
import type { PageWork } from "./usePages";

interface LetterPaneProps {
  letter: string;
  focus: number;
  work: PageWork;
  taken: Taken | null;
  onTake: (taken: Taken | null) => void;
  onNext: (letter: string | null) => void;
  onBack: () => void;
  onReopen: () => void;
  onOpenDocument: (id: string) => void;
  batch: React.ReactNode;
}

/** A letter: its pages, and beside them the form, the report or the instruction. */
export function LetterPane(props: LetterPaneProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useRead("intake", "intake_letter", { letter: props.letter });
  if (error !== null) {
    return (
      <div className={css.problem}>
        <ErrorMessage error={error}>
          <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
        </ErrorMessage>
      </div>
    );
  }
  if (data === undefined) return <p className={css.opening}>{t("document.opening")}</p>;
  if (data.card.state === "SECRET") {
    return (
      <SecretCard
        card={data.card}
        focus={props.focus}
        onDone={() => props.work.act.mutate({ act: "DISCARD", letter: props.letter })}
      />
    );
  }
  return <OpenLetter {...props} detail={data} />;
}

function OpenLetter(props: LetterPaneProps & { detail: LetterDetail }) {
  const { detail, work, focus } = props;
  const { card, pages } = detail;
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const wide = useMedia(WIDE);
  const strip = useRef<HTMLDivElement>(null);
  const duplicate = useRef<HTMLButtonElement>(null);
  const [field, setField] = useState<FieldName | null>(null);
  const [jump, setJump] = useState<{ page: number } | null>(null);
  const stripOpen = (read("intake.strip") ?? (wide ? "1" : "0")) === "1";
  const showDuplicate = () => {
    duplicate.current?.focus();
  };
  const form = useLetterForm({
    detail,
    focus,
    onNext: props.onNext,
    onDuplicate: showDuplicate,
  });
  const wanted = useRef(false);
  const toStrip = () => {
    wanted.current = true;
    if (stripOpen) strip.current?.focus();
    else remember("intake.strip", "1");
  };
  // The strip takes the focus when it was opened by its key.
  useEffect(() => {
    if (stripOpen && wanted.current) strip.current?.focus();
    wanted.current = false;
  }, [stripOpen]);
  const leaveStrip = () => {
    const first = form.doubtful[0];
    if (first === undefined) form.accept.current?.focus();
    else form.goTo(first);
  };
  useShortcut("intake.pages", () => {
    if (document.activeElement === strip.current) leaveStrip();
    else toStrip();
  });
  const discard = () => work.act.mutate({ act: "DISCARD", letter: card.id });
  const working = card.state === "READY" || card.state === "READING";
  return (
    <div className={css.letter} data-testid="letter-pane" data-letter={card.id}>
      <div className={css.paper}>
        <div className={css.head}>
          {working && (
            <IconButton
              icon="nav"
              label={t("pages.show")}
              shortcut={keyLabel("intake.pages")}
              pressed={stripOpen}
              onClick={() => remember("intake.strip", stripOpen ? "0" : "1")}
              data-testid="strip-toggle"
            />
          )}
          <h2 className={css.name} title={card.name}>
            {card.name}
          </h2>
          {card.state !== "REGISTERED" && <SafeWord received={false} />}
          {working && (
            <IconButton
              icon="trash"
              label={t("intake.discard")}
              onClick={discard}
              data-testid="letter-discard"
            />
          )}
        </div>
        {work.act.error !== null && (
          <ErrorMessage error={work.act.error} className={css.refused}>
            <Button onClick={() => work.act.reset()}>{t("app.close")}</Button>
          </ErrorMessage>
        )}
        {props.taken !== null && (
          <p className={css.taken} role="status">
            {t("pages.taken", { count: props.taken.pages.length, key: keyLabel("pages.put") })}
            <Button tone="quiet" onClick={() => props.onTake(null)}>
              {t("pages.leave")}
            </Button>
          </p>
        )}
        <div className={css.pages}>
          {working && stripOpen && (
            <Strip
              detail={detail}
              work={work}
              taken={props.taken}
              onTake={props.onTake}
              onShow={(page) => setJump({ page })}
              onLeave={leaveStrip}
              stripRef={strip}
            />
          )}
          <LetterPages
            pages={pages}
            lit={placesOf(detail, field)}
            others={FIELDS.filter((each) => each !== field).flatMap((each) =>
              placesOf(detail, each),
            )}
            jump={jump}
          />
        </div>
      </div>
      <aside className={cx(css.aside)} aria-label={t("intake.form")}>
        {working ? (
          <LetterForm
            detail={detail}
            form={form}
            batch={props.batch}
            onInFocus={setField}
            onBack={props.onBack}
          >
            {card.state === "READING" && (
              <p className={css.note} role="status">
                {t("intake.stillReading")}
              </p>
            )}
            <Notes
              detail={detail}
              duplicateRef={duplicate}
              onOpenDocument={props.onOpenDocument}
              onDiscard={discard}
              onDespite={() => form.acceptLetter(true)}
            />
          </LetterForm>
        ) : (
          <RegisteredCard
            detail={detail}
            focus={focus}
            onReopen={props.onReopen}
            onOpenDocument={props.onOpenDocument}
          />
        )}
      </aside>
    </div>
  );
}
