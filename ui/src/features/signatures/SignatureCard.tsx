import { useTranslation } from "react-i18next";
import type { SignatureDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { formatDate, formatDateTime } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import { SafeWord } from "../../shared/SafeWord";
import { levelKey } from "../batch/BatchItems";
import css from "./Signatures.module.css";

interface SignatureCardProps {
  signature: SignatureDto;
  /** For our newest signature: whether the server has it. */
  atServer: boolean | undefined;
}

const ICONS: Record<SignatureDto["status"], IconName> = {
  valid: "seal",
  invalid: "error",
  could_not_check: "question",
};

/** One signature: the verdict in a sentence, then what an inspector asks for, in that order: who,
 * what it covers, what came after, why it is doubted, when and by which clock, the certificate. */
export function SignatureCard({ signature, atServer }: SignatureCardProps) {
  const { t, i18n } = useTranslation();
  const word = (code: string) =>
    i18n.exists(`reason.${code}`) ? t(`reason.${code}` as "reason.HASH_FAILURE") : code;
  const { status, coverage, changes_after } = signature;
  const untouched = coverage === "whole" && changes_after.length === 0 && status !== "invalid";
  return (
    <li
      className={cx(css.card, css[status])}
      data-testid="signature-item"
      data-status={status}
      data-coverage={coverage}
    >
      <p className={css.verdict}>
        <Icon name={ICONS[status]} size={20} />
        {t(`signatures.${status}`)}
      </p>
      {status === "could_not_check" && <p>{t("signatures.doubtText")}</p>}
      {status === "invalid" && <p>{t("signatures.invalidText")}</p>}
      <p className={css.signer}>{signature.signer}</p>
      {atServer !== undefined && <SafeWord received={atServer} />}
      <Reasons title={t("signatures.reasons")} codes={signature.reasons} word={word} />
      <p className={css.whole}>
        {t(`signatures.coverage.${coverage}`)} {untouched && t("signatures.unchanged")}
      </p>
      <Reasons title={t("signatures.changes")} codes={changes_after} word={word} />
      <Facts signature={signature} />
    </li>
  );
}

/** A fact: its name, its value, and what is to be known of it. */
type Fact = [label: string, value: string, note?: string | undefined];

function Facts({ signature }: { signature: SignatureDto }) {
  const { t } = useTranslation();
  const { claimed_at, stamped_at, not_before, not_after, kind, level } = signature;
  const when = (at: number | null) => (at === null ? "" : formatDateTime(at));
  const levelWords = level === "" ? "" : `${t(`level.long.${levelKey(level)}`)} (${level})`;
  const facts: Fact[] = [
    [t("signatures.organisation"), signature.organisation],
    [t("signatures.kind"), kind === "approval" ? "" : t(`signatures.kinds.${kind}`)],
    [
      t("signatures.claimedAt"),
      when(claimed_at),
      signature.zone_wrong
        ? t("signatures.zoneWrong")
        : stamped_at === null
          ? t("signatures.noStamp")
          : undefined,
    ],
    [t("signatures.stampedAt"), when(stamped_at)],
    [t("signatures.level"), levelWords],
    [t("signatures.issuer"), signature.issuer],
    [t("signatures.serial"), signature.serial],
    [
      t("signatures.period"),
      not_before === null || not_after === null
        ? ""
        : t("signatures.periodText", { from: formatDate(not_before), to: formatDate(not_after) }),
    ],
  ];
  return (
    <dl className={css.facts}>
      {facts
        .filter(([, value]) => value !== "")
        .map(([label, value, note]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
            {note !== undefined && <dd className={css.remark}>{note}</dd>}
          </div>
        ))}
    </dl>
  );
}

interface ReasonsProps {
  title: string;
  codes: readonly string[];
  word: (code: string) => string;
}

function Reasons({ title, codes, word }: ReasonsProps) {
  if (codes.length === 0) return null;
  return (
    <div>
      <p className={css.title}>{title}</p>
      <ul className={css.reasons}>
        {[...new Set(codes)].map((code) => (
          <li key={code} title={code}>
            {word(code)} <span className={css.code}>{code}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
