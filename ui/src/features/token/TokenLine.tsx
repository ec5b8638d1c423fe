import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { TokenState } from "../../generated/types";
import { cx } from "../../shared/cx";
import { Icon, type IconName } from "../../shared/icons/Icon";
import css from "./TokenLine.module.css";

type Look = "ready" | "warn" | "none" | "looking";

/** What the frame says of the token: never a colour alone, and a way to the diagnosis. */
export function TokenLine({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation();
  const { data } = useRead("token", "token_state", {});
  const look = lookOf(data);
  const token = data?.tokens[0];
  const many = data?.tokens.length ?? 0;
  const pin =
    token !== undefined && token.pin_state !== "ok" ? t(`sign.pin.${token.pin_state}`) : null;
  const words =
    look === "looking"
      ? t("token.looking")
      : token === undefined
        ? t("token.none")
        : many > 1
          ? t("token.many", { count: many })
          : token.label;
  const icon: IconName = look === "warn" ? "warning" : "token";
  return (
    <button
      type="button"
      className={cx(css.line, css[look])}
      onClick={onOpen}
      title={`${pin === null ? words : `${words} · ${pin}`}\n${t("token.openDiagnosis")}`}
      data-testid="token-line"
      data-look={look}
    >
      <Icon name={icon} />
      <span role="status" className={css.words}>
        <span className={css.label}>{words}</span>
        {pin !== null && <span className={css.pin}> · {pin}</span>}
      </span>
    </button>
  );
}

function lookOf(state: TokenState | undefined): Look {
  if (state === undefined) return "looking";
  const token = state.tokens[0];
  if (token !== undefined) return token.pin_state === "ok" ? "ready" : "warn";
  return state.problem === null ? "looking" : "none";
}
