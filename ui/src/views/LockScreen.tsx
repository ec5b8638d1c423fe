import { useTranslation } from "react-i18next";
import { UnlockForm } from "../features/session/UnlockForm";
import type { AppStatus } from "../generated/types";
import { Icon } from "../shared/icons/Icon";
import { useNoOldNotices } from "../shared/Toasts";
import css from "./LockScreen.module.css";

/** The covered desk: whose it is, and nothing of what lies on it. */
export function LockScreen({ status }: { status: AppStatus }) {
  const { t } = useTranslation();
  useNoOldNotices();
  return (
    <main className={css.screen} data-testid="lock-screen">
      <div className={css.card}>
        <Icon name="lock" size={20} />
        <h1 className={css.title}>{t("lock.title")}</h1>
        <p className={css.who}>{status.account?.full_name}</p>
        <p className={css.what}>{t("lock.what")}</p>
        <UnlockForm />
      </div>
    </main>
  );
}
