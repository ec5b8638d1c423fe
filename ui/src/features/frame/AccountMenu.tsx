import { Menu } from "@base-ui/react/menu";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetUnkept } from "../../api/settings";
import type { AccountDto } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { host } from "../../platform";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { useLandmark } from "../../shared/useLandmark";
import { CapacityMenu } from "../capacity/CapacityMenu";
import { MandatesDialog } from "../capacity/MandatesDialog";
import { PostsDialog } from "../capacity/PostsDialog";
import { useLock } from "../session/useLock";
import css from "./AccountMenu.module.css";

interface AccountMenuProps {
  account: AccountDto;
  onSettings: () => void;
  onHelp: () => void;
}

/** The person at the desk, and the way out. */
export function AccountMenu({ account, onSettings, onHelp }: AccountMenuProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const landmark = useLandmark();
  const [mandates, setMandates] = useState(false);
  const [posts, setPosts] = useState(false);
  const leave = () => {
    forgetUnkept();
    return client.resetQueries();
  };
  const logout = useMutation({
    mutationFn: () => host().call("logout", {}),
    onSuccess: leave,
  });
  const switchUser = useMutation({
    mutationFn: () => host().call("switch_user", {}),
    onSuccess: leave,
  });
  const lock = useLock();
  const post = account.posts[0];
  return (
    <>
      <Menu.Root>
        <Menu.Trigger
          ref={landmark.ref}
          className={css.trigger}
          data-testid="account-menu"
          aria-label={t("account.menu", { name: account.full_name })}
        >
          <span className={css.avatar} aria-hidden="true">
            {initials(account.full_name)}
          </span>
          <span className={css.who}>{account.full_name}</span>
          <Icon name="chevronDown" />
        </Menu.Trigger>
        <Menu.Portal {...landmark.inside}>
          <Menu.Positioner sideOffset={6} align="end" className={menu.positioner}>
            <Menu.Popup className={menu.popup}>
              <div className={css.head}>
                <p className={css.full}>{account.full_name}</p>
                {post !== undefined && (
                  <p className={css.post}>
                    {post.title}
                    <br />
                    {post.agency}
                  </p>
                )}
              </div>
              <Menu.Separator className={menu.separator} />
              <CapacityMenu onMandates={() => setMandates(true)} onPosts={() => setPosts(true)} />
              <Menu.Item className={menu.item} onClick={onSettings}>
                <Icon name="settings" />
                <span>{t("account.settings")}</span>
                <kbd>{keyLabel("section.settings")}</kbd>
              </Menu.Item>
              <Menu.Item className={menu.item} onClick={onHelp}>
                <Icon name="keyboard" />
                <span>{t("account.keys")}</span>
                <kbd>{keyLabel("help")}</kbd>
              </Menu.Item>
              <Menu.Separator className={menu.separator} />
              <Menu.Item className={menu.item} onClick={() => lock.mutate()} data-testid="lock">
                <Icon name="lock" />
                <span>{t("lock.now")}</span>
                <kbd>{keyLabel("lock")}</kbd>
              </Menu.Item>
              <Menu.Item
                className={menu.item}
                onClick={() => switchUser.mutate()}
                data-testid="switch-user"
              >
                <Icon name="user" />
                <span>{t("account.switch")}</span>
              </Menu.Item>
              <Menu.Item className={menu.item} onClick={() => logout.mutate()} data-testid="logout">
                <Icon name="logout" />
                <span>{t("account.logout")}</span>
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <PostsDialog open={posts} onClose={() => setPosts(false)} />
      <MandatesDialog open={mandates} onClose={() => setMandates(false)} />
    </>
  );
}

/** First letters of the family name and the given name: `Nguyễn Văn An` gives `NA`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? "";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toLocaleUpperCase("vi");
}
