import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { SealQueue } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";
import { IconButton } from "../../shared/IconButton";
import { Segmented } from "../../shared/Segmented";
import { showDay } from "./days";
import css from "./InboxFrame.module.css";
import type { Inbox, InboxPlace } from "./useInbox";
import type { Received } from "./useReceived";
import type { Register } from "./useRegister";

const PLACES: readonly InboxPlace[] = ["waiting", "confirmed", "registered"];

interface InboxHeadProps {
  inbox: Inbox;
  place: InboxPlace;
  /** What came over the axis, and whether it is shown. */
  came: Received;
  axis: boolean;
  onAxis: () => void;
  onPlace: (place: InboxPlace) => void;
  taking: boolean;
  sourcesOpen: boolean;
  onSources: () => void;
  onUndo: () => void;
}

/** What is shown of the inbox, where scans come from, and what happens by itself now. */
export function InboxHead(props: InboxHeadProps) {
  const { inbox, place, came, axis, onAxis, onPlace, taking, sourcesOpen, onSources, onUndo } =
    props;
  const { t } = useTranslation();
  const { counts } = inbox;
  const numbers: Record<InboxPlace, number> = {
    waiting: counts.ready + counts.reading + inbox.stacks,
    confirmed: counts.confirmed,
    registered: counts.registered_today,
  };
  const now = [
    (counts.copying > 0 || taking) &&
      t("intake.copying", { count: Math.max(counts.copying, taking ? 1 : 0) }),
    counts.reading > 0 && t("intake.reading", { count: counts.reading }),
  ].filter(Boolean);
  return (
    <div className={css.head}>
      <h1 className={css.title}>{t("nav.scan")}</h1>
      <div className={css.acts}>
        <Button
          icon="plus"
          aria-pressed={sourcesOpen}
          className={css.add}
          onClick={onSources}
          data-testid="sources-open"
        >
          {t("intake.add")}
        </Button>
        <IconButton
          icon="undo"
          label={t("intake.undoPages")}
          shortcut={keyLabel("intake.undo")}
          disabled={!inbox.canUndo}
          onClick={onUndo}
          data-testid="intake-undo"
        />
      </div>
      {came.isClerk && (
        <Button
          tone={axis ? "main" : "plain"}
          icon="incoming"
          aria-pressed={axis}
          onClick={onAxis}
          data-testid="axis-open-list"
          data-count={came.total}
        >
          {t("axis.count", { count: came.total })}
        </Button>
      )}
      <Segmented
        label={t("list.filters")}
        value={axis ? "" : place}
        options={PLACES.map((value) => ({
          value: value as InboxPlace | "",
          label: t(`intake.place.${value}Count`, { count: numbers[value] }),
        }))}
        onChange={(value) => value !== "" && onPlace(value)}
      />
      <p className={css.now} role="status" data-testid="intake-now">
        {now.length > 0 ? now.join(" · ") : t("intake.idle")}
      </p>
    </div>
  );
}

interface InboxFootProps {
  confirmed: number;
  seal: SealQueue | undefined;
  onRegister: () => void;
  onSeal: () => void;
}

/** The one act for everything that is confirmed, and the seal for what has its number. */
export function InboxFoot({ confirmed, seal, onRegister, onSeal }: InboxFootProps) {
  const { t } = useTranslation();
  return (
    <div className={css.foot}>
      <RegisterButton count={confirmed} onRegister={onRegister} testId="register-open" />
      {confirmed > 0 && <p className={css.keys}>{keyLabel("intake.register")}</p>}
      {(seal?.ready ?? 0) > 0 && (
        <Button icon="seal" onClick={onSeal} data-testid="seal-open">
          {t("seal.sign", { count: seal?.ready ?? 0 })}
        </Button>
      )}
    </div>
  );
}

interface RegisterButtonProps {
  count: number;
  onRegister: () => void;
  testId: string;
}

/** Registers so many; says that there is nothing to register. */
export function RegisterButton({ count, onRegister, testId }: RegisterButtonProps) {
  const { t } = useTranslation();
  return (
    <Button
      tone={count > 0 ? "main" : "plain"}
      icon="book"
      className={css.register}
      disabled={count === 0}
      onClick={onRegister}
      title={keyLabel("intake.register")}
      data-testid={testId}
    >
      {count > 0 ? t("register.start", { count }) : t("register.none")}
    </Button>
  );
}

interface AllConfirmedProps {
  count: number;
  onRegister: () => void;
}

/** Nothing waits any more: the next step, under the finger that has just pressed Enter. */
export function AllConfirmed({ count, onRegister }: AllConfirmedProps) {
  const { t } = useTranslation();
  const next = useRef<HTMLButtonElement>(null);
  useEffect(() => next.current?.focus(), []);
  return (
    <div className={css.all}>
      <Empty icon="check" title={t("intake.allConfirmed")} text={t("intake.allConfirmedText")}>
        <Button
          ref={next}
          tone="main"
          icon="book"
          shortcut={keyLabel("intake.register")}
          onClick={onRegister}
          data-testid="all-confirmed"
        >
          {t("register.start", { count })}
        </Button>
      </Empty>
    </div>
  );
}

interface BatchValuesProps {
  register: Register;
  onChange: () => void;
}

/** What holds for all letters of the batch, in one line under the form. */
export function BatchValues({ register, onChange }: BatchValuesProps) {
  const { t } = useTranslation();
  const { values, options } = register;
  if (options === undefined) return null;
  const book = options.books.find((each) => each.book === values.book)?.name ?? values.book;
  const leader = options.leaders.find((each) => each.account === values.present_to)?.name;
  const words = [
    t("intake.batch.received", { day: showDay(values.received_on) }),
    book,
    leader === undefined ? t("intake.batch.nobody") : t("intake.batch.leader", { name: leader }),
  ].join(" · ");
  return (
    <p className={css.batch} data-testid="batch-values">
      <span title={words}>{words}</span>
      <button type="button" className={css.link} onClick={onChange}>
        {t("intake.batch.change")}
      </button>
    </p>
  );
}
