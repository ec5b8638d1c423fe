import { useTranslation } from "react-i18next";
import mark from "../../../../icons/congvan.svg";
import type { AppStatus, SyncStatus } from "../../generated/types";
import { TokenLine } from "../token/TokenLine";
import { AccountMenu } from "./AccountMenu";
import { NetworkLine } from "./NetworkLine";
import css from "./TopBar.module.css";

interface TopBarProps {
  status: AppStatus;
  sync: SyncStatus;
  onNetwork: () => void;
  onToken: () => void;
  onSettings: () => void;
  onHelp: () => void;
}

/** Whose desk this is, and how it stands to the server. */
export function TopBar({ status, sync, onNetwork, onToken, onSettings, onHelp }: TopBarProps) {
  const { t } = useTranslation();
  const post = status.account?.posts[0];
  return (
    <header className={css.bar}>
      <img src={mark} alt="" width={22} height={22} />
      <span className={css.name}>{t("app.name")}</span>
      {post !== undefined && <span className={css.agency}>{post.agency}</span>}
      <span className={css.space} />
      <NetworkLine sync={sync} onOpen={onNetwork} />
      <TokenLine onOpen={onToken} />
      {status.account !== null && (
        <AccountMenu account={status.account} onSettings={onSettings} onHelp={onHelp} />
      )}
    </header>
  );
}
