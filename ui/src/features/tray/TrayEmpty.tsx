import { useTranslation } from "react-i18next";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";

interface TrayEmptyProps {
  search: string;
  markedOnly: boolean;
  /** Shows the whole tray again; none where there is nothing to widen. */
  onAll: (() => void) | null;
}

/** Why nothing is in the tray, what will appear here, and the first act. */
export function TrayEmpty({ search, markedOnly, onAll }: TrayEmptyProps) {
  const { t } = useTranslation();
  if (onAll !== null && (search !== "" || markedOnly)) {
    return (
      <Empty
        icon="search"
        title={search === "" ? t("tray.noneMarked") : t("empty.search.title", { text: search })}
        text={t("tray.noneMarkedText")}
      >
        <Button onClick={onAll}>{t("empty.showAll")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon="sign" title={t("empty.to_sign.title")} text={t("empty.to_sign.text")}>
      {onAll !== null && (
        <Button
          icon="sync"
          onClick={() =>
            void host()
              .call("sync_now", {})
              .catch(() => undefined)
          }
        >
          {t("empty.syncNow")}
        </Button>
      )}
    </Empty>
  );
}
