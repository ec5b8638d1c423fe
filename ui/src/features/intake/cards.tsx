import { memo, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LetterCard, StackDto } from "../../generated/types";
import { host } from "../../platform";
import { Badge } from "../../shared/Badge";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import css from "./cards.module.css";

/** Device-independent width of the small picture of a first page. */
const COVER_PX = 44;
/** A small picture that failed is asked for again after this. */
const AGAIN_MS = 2000;
/** Below this a card says that somebody must look closely. */
const SURE = 0.8;

/** A letter in the list: its first page, what was read of it, where it stands. */
export const LetterCardView = memo(function LetterCardView({ card }: { card: LetterCard }) {
  const { t } = useTranslation();
  const read = card.notation !== "" || card.subject !== "" || card.issuer !== "";
  return (
    <div className={css.card}>
      <Cover card={card} />
      <CardWords
        notation={card.notation}
        unnamed={read ? t("intake.noNotation") : card.name}
        issuer={card.issuer || (read ? card.name : t("intake.pages", { count: card.pages }))}
        badge={<StateBadge card={card} />}
        urgency={card.urgency}
        subject={card.subject || (card.state === "READING" ? t("intake.readingText") : "")}
      />
    </div>
  );
});

interface CardWordsProps {
  notation: string;
  /** Stands for a notation that is missing. */
  unnamed: string;
  issuer: string;
  badge: React.ReactNode;
  urgency: string;
  subject: string;
}

/** The three lines of a card, beside its picture or its mark. */
export function CardWords(props: CardWordsProps) {
  const { notation, unnamed, issuer, badge, urgency, subject } = props;
  const { t } = useTranslation();
  return (
    <>
      <span className={cx(css.notation, notation === "" && css.none)}>{notation || unnamed}</span>
      <span className={css.head}>
        <span className={css.issuer}>{issuer}</span>
        {badge}
      </span>
      <span className={css.subject}>
        {urgency !== "normal" && (
          <b className={css.urgent}>{t(`urgency.${urgency}` as "urgency.urgent")} · </b>
        )}
        {subject}
      </span>
    </>
  );
}

/** The number of what is registered, or that it waits for one. */
export function NumberBadge({ number }: { number: number | null }) {
  const { t } = useTranslation();
  return number === null ? (
    <Badge tone="warn" icon="clock">
      {t("intake.waitsForNumber")}
    </Badge>
  ) : (
    <Badge tone="ok" icon="book">
      {t("document.arrival", { number })}
    </Badge>
  );
}

function Cover({ card }: { card: LetterCard }) {
  const { cover } = card;
  // The page may be asked for while the worker is busy with others: once more, then without.
  const [failed, setFailed] = useState(0);
  useEffect(() => {
    if (failed !== 1) return;
    const timer = setTimeout(() => setFailed(2), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [failed]);
  if (cover === null || failed === 1 || failed > 2) {
    return (
      <span className={css.cover}>
        <Icon name={card.state === "SECRET" ? "lock" : "document"} size={20} />
      </span>
    );
  }
  const pixels = Math.ceil(COVER_PX * window.devicePixelRatio);
  return (
    <span className={css.cover}>
      <img
        src={host().pageUrl(cover.sha256, cover.page, pixels) + (failed === 0 ? "" : "&again=1")}
        onError={() => setFailed((times) => times + 1)}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        style={{ transform: `rotate(${cover.turns * 90}deg)` }}
      />
      {card.pages > 1 && <span className={css.count}>{card.pages}</span>}
    </span>
  );
}

/** Where a letter stands, as a word; the one that matters most now. */
function StateBadge({ card }: { card: LetterCard }) {
  const { t } = useTranslation();
  switch (card.state) {
    case "READING":
      return <Badge tone="neutral">{t("intake.state.READING")}</Badge>;
    case "SECRET":
      return (
        <Badge tone="danger" icon="lock">
          {t("intake.state.SECRET")}
        </Badge>
      );
    case "CONFIRMED":
      return (
        <Badge tone="accent" icon="check">
          {t("intake.state.CONFIRMED")}
        </Badge>
      );
    case "REGISTERED":
      return <NumberBadge number={card.number} />;
    case "READY":
      break;
  }
  if (card.duplicate) {
    return (
      <Badge tone="warn" icon="copy">
        {t("intake.duplicate")}
      </Badge>
    );
  }
  if (card.code !== null) {
    return (
      <Badge tone="warn" icon="warning">
        {t("intake.unread")}
      </Badge>
    );
  }
  if (card.confidence < SURE) {
    return (
      <Badge tone="warn" icon="eye">
        {t("intake.lookClosely")}
      </Badge>
    );
  }
  if (card.signed) {
    return (
      <Badge tone="neutral" icon="seal">
        {t("intake.signed")}
      </Badge>
    );
  }
  return null;
}

/** A file that needs a decision: it could not be taken in, or would be cut. */
export const StackCardView = memo(function StackCardView({ stack }: { stack: StackDto }) {
  const { t } = useTranslation();
  const fault = stack.code !== null;
  return (
    <div className={cx(css.card, css.stack)}>
      <span className={cx(css.cover, css.sign)}>
        <Icon name={fault ? "warning" : "split"} size={20} />
      </span>
      <span className={css.notation}>{stack.name}</span>
      <span className={css.head}>
        <span className={css.issuer}>{t(`intake.origin.${stack.origin}`)}</span>
        <Badge tone="warn">{t(fault ? "intake.fault" : "intake.askCut")}</Badge>
      </span>
      <span className={css.subject}>
        {fault
          ? t(`err.${stack.code}` as "err.INTERNAL")
          : t("intake.wouldCut", {
              count: (stack.split?.begins.length ?? 0) + 1,
              pages: stack.pages ?? 0,
            })}
      </span>
    </div>
  );
});
