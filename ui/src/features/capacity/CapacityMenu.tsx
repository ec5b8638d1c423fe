import { Menu } from "@base-ui/react/menu";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { host } from "../../platform";
import { Icon } from "../../shared/icons/Icon";
import menu from "../../shared/Menu.module.css";
import { useNotice } from "../../shared/Toasts";
import css from "./Capacity.module.css";
import { limits } from "./limits";

interface CapacityMenuProps {
  onMandates: () => void;
  onPosts: () => void;
}

/** In the menu under the person's name: as what to act from now on, and who acts for whom. */
export function CapacityMenu({ onMandates, onPosts }: CapacityMenuProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const { data } = useRead("session", "capacity_list", {});
  const choose = useMutation({
    mutationFn: (key: string) => host().call("capacity_choose", { key }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["session"] }),
        client.invalidateQueries({ queryKey: ["documents"] }),
      ]),
    onError: () => {
      notice(t("err.CAPACITY_ENDED"), t("rec.CAPACITY_ENDED"));
      void client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  if (data === undefined) return null;
  const { options, chosen, ended } = data;
  const hasAll = options.some((option) => option.key === "");
  const mayChoose = options.length > 0 || ended;
  const mayOpen = data.may_give || data.given.length > 0 || data.held.length > 0;
  if (!mayChoose && !mayOpen && !data.may_manage) return null;
  return (
    <>
      {mayChoose && (
        <Menu.RadioGroup
          value={ended ? null : chosen}
          onValueChange={(key) => choose.mutate(key as string)}
          aria-label={t("capacity.choose")}
        >
          {!hasAll && (
            <Option title={t(options.length > 0 ? "capacity.allShort" : "capacity.own")} value="" />
          )}
          {options.map((option) => (
            <Option
              key={option.key}
              value={option.key}
              title={option.title}
              note={
                option.for_whom === null
                  ? option.unit
                  : t("capacity.for", { name: option.for_whom, unit: option.unit })
              }
              limits={limits(option, t).join(" · ")}
              disabled={option.since !== null}
            />
          ))}
        </Menu.RadioGroup>
      )}
      {mayOpen && (
        <Menu.Item className={menu.item} onClick={onMandates} data-testid="mandates-open">
          <Icon name="stamp" />
          <span>{t("mandate.open")}</span>
        </Menu.Item>
      )}
      {data.may_manage && (
        <Menu.Item className={menu.item} onClick={onPosts} data-testid="posts-open">
          <Icon name="user" />
          <span>{t("posts.open")}</span>
        </Menu.Item>
      )}
      <Menu.Separator className={menu.separator} />
    </>
  );
}

interface OptionProps {
  value: string;
  title: string;
  note?: string;
  limits?: string;
  disabled?: boolean;
}

function Option({ value, title, note, limits: limited = "", disabled = false }: OptionProps) {
  return (
    <Menu.RadioItem
      value={value}
      disabled={disabled}
      closeOnClick
      className={menu.item}
      data-testid="capacity-option"
      data-key={value}
    >
      <Menu.RadioItemIndicator keepMounted className={css.mark}>
        <Icon name="check" />
      </Menu.RadioItemIndicator>
      <span>
        <span className={css.title}>{title}</span>
        {note !== undefined && <span className={css.note}>{note}</span>}
        {limited !== "" && <span className={css.note}>{limited}</span>}
      </span>
    </Menu.RadioItem>
  );
}
