import { useTranslation } from "react-i18next";
import { cx } from "./cx";
import { Icon } from "./icons/Icon";
import css from "./SafeWord.module.css";

/** The two words for safety: saved on this computer, or received by the server. */
export function SafeWord({ received }: { received: boolean }) {
  const { t } = useTranslation();
  return (
    <span
      className={cx(css.word, received && css.received)}
      data-safe={received ? "server" : "here"}
    >
      <Icon name={received ? "received" : "save"} />
      {t(received ? "opinions.received" : "opinions.saved")}
    </span>
  );
}
