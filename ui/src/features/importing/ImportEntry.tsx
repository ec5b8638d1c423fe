import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { Button } from "../../shared/Button";
import page from "../../views/Page.module.css";

/** The way to the import of old data, for who keeps a registry's books. */
export function ImportEntry({ onOpen }: { onOpen: () => void }) {
  const { t } = useTranslation();
  const state = useRead("sync", "import_state", {});
  if (state.data?.clerk !== true) return null;
  return (
    <section className={page.group} aria-label={t("import.title")}>
      <h2 className={page.groupTitle}>{t("import.title")}</h2>
      <p className={page.quiet}>{t("import.why")}</p>
      <div className={page.acts}>
        <Button icon="upload" onClick={onOpen} data-testid="import-open">
          {t("import.open")}
        </Button>
      </div>
    </section>
  );
}
