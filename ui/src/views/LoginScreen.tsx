import { useState } from "react";
import { useTranslation } from "react-i18next";
import mark from "../../../icons/congvan.svg";
import { LoginForm } from "../features/session/LoginForm";
import { PeopleHere } from "../features/session/PeopleHere";
import { useAppearanceSettings } from "../features/settings/appearance";
import type { AppStatus } from "../generated/types";
import { LANGUAGES } from "../i18n";
import { Icon, type IconName } from "../shared/icons/Icon";
import { Segmented } from "../shared/Segmented";
import { useNoOldNotices } from "../shared/Toasts";
import css from "./LoginScreen.module.css";

const PROMISES: ReadonlyArray<{ icon: IconName; key: PromiseKey }> = [
  { icon: "offline", key: "login.promiseOffline" },
  { icon: "save", key: "login.promiseSaved" },
  { icon: "received", key: "login.promiseSent" },
];
type PromiseKey = "login.promiseOffline" | "login.promiseSaved" | "login.promiseSent";

/** The door of the desk: whose server this is, and who comes in. */
export function LoginScreen({ status }: { status: AppStatus }) {
  const { t } = useTranslation();
  const appearance = useAppearanceSettings();
  useNoOldNotices();
  const [chosen, setChosen] = useState<string>();
  return (
    <div className={css.screen}>
      <aside className={css.about}>
        <div className={css.brand}>
          <img src={mark} alt="" width={44} height={44} />
          <p className={css.name}>{t("app.name")}</p>
        </div>
        <p className={css.tagline}>{t("app.tagline")}</p>
        <ul className={css.promises}>
          {PROMISES.map(({ icon, key }) => (
            <li key={key}>
              <Icon name={icon} size={20} />
              <span>{t(key)}</span>
            </li>
          ))}
        </ul>
      </aside>
      <main className={css.door}>
        <div className={css.card}>
          <h1 className={css.province}>{status.province ?? t("login.title")}</h1>
          <p className={css.welcome}>{t("login.welcome")}</p>
          {status.server !== null && (
            <p className={css.server}>
              <Icon name="server" />
              <span>{status.server}</span>
            </p>
          )}
          <PeopleHere onChoose={setChosen} />
          <LoginForm key={chosen} username={chosen} />
        </div>
        <footer className={css.footer}>
          <span>{t("app.version", { version: status.version })}</span>
          <Segmented
            label={t("settings.language")}
            value={appearance.language}
            options={LANGUAGES.map((value) => ({ value, label: t(`settings.languages.${value}`) }))}
            onChange={(value) => appearance.set("language", value)}
          />
        </footer>
      </main>
    </div>
  );
}
