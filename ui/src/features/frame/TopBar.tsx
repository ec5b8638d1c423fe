import { memo } from "react";
import { useTranslation } from "react-i18next";
import mark from "../../../../icons/congvan.svg";
import type { AppStatus, SyncStatus } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Icon } from "../../shared/icons/Icon";
import { CapacityChip } from "../capacity/CapacityChip";
import { TokenLine } from "../token/TokenLine";
import { AccountMenu } from "./AccountMenu";
import { NetworkLine } from "./NetworkLine";
import css from "./TopBar.module.css";

interface TopBarProps {
  status: AppStatus;
  sync: SyncStatus;
  /** Opens the palette. */
  onFind: () => void;
  onNetwork: () => void;
  onToken: () => void;
  onSettings: () => void;
  onHelp: () => void;
}

/** Whose desk this is, and how it stands to the server. */
export const TopBar = memo(function TopBar(props: TopBarProps) {
  const { status, sync, onFind, onNetwork, onToken, onSettings, onHelp } = props;
  const { t } = useTranslation();
  const post = status.account?.posts[0];
  return (
    <header className={css.bar}>
      <img src={mark} alt="" width={22} height={22} />
      <span className={css.name}>{t("app.name")}</span>
      <CapacityChip
        without={post !== undefined && <span className={css.agency}>{post.agency}</span>}
      />
      <span className={css.space} />
      <button
        type="button"
        className={css.find}
        aria-label={t("palette.label")}
        onClick={onFind}
        data-testid="palette-open"
      >
        <Icon name="search" />
        <span className={css.findWord}>{t("palette.open")}</span>
        <span className={css.findKey} aria-hidden="true">
          {keyLabel("palette")}
        </span>
      </button>
      <NetworkLine sync={sync} onOpen={onNetwork} />
      <TokenLine onOpen={onToken} />
      {status.account !== null && (
        <AccountMenu account={status.account} onSettings={onSettings} onHelp={onHelp} />
      )}
    </header>
  );
});
