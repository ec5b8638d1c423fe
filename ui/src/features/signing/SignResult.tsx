import { useTranslation } from "react-i18next";
import type { FileDto, SignOutcome } from "../../generated/types";
import { Button } from "../../shared/Button";
import { formatSize } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { SafeWord } from "../../shared/SafeWord";
import { useFirst } from "../onboarding/useGuide";
import css from "./SignPanel.module.css";

interface SignResultProps {
  outcome: SignOutcome;
  file: FileDto;
  onClose: () => void;
}

/** What the signing came to: the level, our own check, and where the signed file is safe. */
export function SignResult({ outcome, file, onClose }: SignResultProps) {
  const { t, i18n } = useTranslation();
  useFirst("sign", true);
  const received =
    file.revisions.find((revision) => revision.sha256 === outcome.sha256)?.at_server ?? false;
  const facts = {
    level: outcome.level,
    size: formatSize(outcome.upload_bytes, i18n.language),
  };
  return (
    <>
      <div
        className={css.result}
        role="status"
        data-testid="sign-result"
        data-level={outcome.level}
        data-sha256={outcome.sha256}
        data-received={received}
      >
        <p className={css.done}>
          <Icon name="seal" size={20} />
          {t("sign.done")}
        </p>
        <p>{t(received ? "sign.doneReceived" : "sign.doneLine", facts)}</p>
        <SafeWord received={received} />
      </div>
      <Button onClick={onClose}>{t("sign.doneClose")}</Button>
    </>
  );
}
