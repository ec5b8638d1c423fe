import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { AheadProvider } from "../features/ahead/AheadProvider";
import { Button } from "../shared/Button";
import { ErrorMessage } from "../shared/ErrorMessage";
import { Desk } from "./Desk";
import css from "./Gate.module.css";
import { LockScreen } from "./LockScreen";
import { LoginScreen } from "./LoginScreen";
import { UnconfiguredScreen } from "./UnconfiguredScreen";

/** Chooses the screen by where the program stands. */
export function Gate() {
  const { t } = useTranslation();
  const { data: status, error, refetch } = useRead("session", "app_status", {});
  if (status === undefined) {
    return (
      <main className={css.gate}>
        {error === null ? (
          <p className={css.loading}>{t("app.loading")}</p>
        ) : (
          <ErrorMessage error={error} className={css.error}>
            <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
          </ErrorMessage>
        )}
      </main>
    );
  }
  switch (status.phase) {
    case "unconfigured":
      return <UnconfiguredScreen version={status.version} />;
    case "login":
      return <LoginScreen status={status} />;
    case "locked":
      return <LockScreen status={status} />;
    case "desk":
      return (
        <AheadProvider>
          <Desk status={status} />
        </AheadProvider>
      );
  }
}
