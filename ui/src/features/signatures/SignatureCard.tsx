import { useTranslation } from "react-i18next";
import type { SignatureDto } from "../../generated/types";
import { cx } from "../../shared/cx";
import { formatDateTime } from "../../shared/format";
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

/** One signature: the verdict in a sentence, then what an inspector asks for. */
export function SignatureCard({ signature, atServer }: SignatureCardProps) {
  const { t, i18n } = useTranslation();
  const word = (code: string) =>
    i18n.exists(`reason.${code}`) ? t(`reason.${code}` as "reason.HASH_FAILURE") : code;
  const levelWords =
    signature.level === ""
      ? ""
      : `${t(`level.long.${levelKey(signature.level)}`)} (${signature.level})`;
  const facts: Array<[string, string]> = [
    [t("signatures.organisation"), signature.organisation],
    [
      t("signatures.claimedAt"),
      signature.claimed_at === null ? "" : formatDateTime(signature.claimed_at),
    ],
    [t("signatures.level"), levelWords],
    [t("signatures.issuer"), signature.issuer],
  ];
  return (
    <li
      className={cx(css.card, css[signature.status])}
      data-testid="signature-item"
      data-status={signature.status}
    >
      <p className={css.verdict}>
        <Icon name={ICONS[signature.status]} size={20} />
        {t(`signatures.${signature.status}`)}
      </p>
      <p className={css.signer}>{signature.signer}</p>
      <p className={css.whole}>
        {t(signature.covers_whole_file ? "signatures.whole" : "signatures.partial")}
      </p>
      {atServer !== undefined && <SafeWord received={atServer} />}
      <Reasons title={t("signatures.reasons")} codes={signature.reasons} word={word} />
      <Reasons title={t("signatures.changes")} codes={signature.changes_after} word={word} />
      <dl className={css.facts}>
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </li>
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
        {codes.map((code) => (
          <li key={code} title={code}>
            {word(code)}
          </li>
        ))}
      </ul>
    </div>
  );
}
