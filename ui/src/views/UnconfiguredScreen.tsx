import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import mark from "../../../icons/congvan.svg";
import { Button } from "../shared/Button";
import css from "./UnconfiguredScreen.module.css";

/** No province is configured: says what is missing, from whom, and what then. */
export function UnconfiguredScreen({ version }: { version: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (
    <main className={css.screen}>
      <div className={css.card} data-testid="unconfigured">
        <img src={mark} alt="" width={52} height={52} />
        <h1 className={css.title}>{t("unconfigured.title")}</h1>
        <p>{t("unconfigured.what")}</p>
        <p className={css.quiet}>{t("unconfigured.safe")}</p>
        <p>{t("unconfigured.do")}</p>
        <Button
          tone="main"
          icon="sync"
          onClick={() => void client.invalidateQueries({ queryKey: ["session"] })}
        >
          {t("unconfigured.again")}
        </Button>
        <p className={css.code}>
          {t("error.codeLabel", { code: "CONFIG_MISSING" })} · {t("app.version", { version })}
        </p>
      </div>
    </main>
  );
}
