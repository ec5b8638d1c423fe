import { useTranslation } from "react-i18next";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";
import type { ListPlace } from "../../views/listPlaces";
import type { ListSection } from "../frame/sections";

interface EmptyListProps {
  section: ListSection;
  place: Pick<ListPlace, "view" | "search">;
  onPlace: (place: Partial<ListPlace>) => void;
  /** Looks for it in everything that is here, the words of pages too. */
  onLookFor: (text: string) => void;
}

/** Why there is nothing in the list, and the first act. */
export function EmptyList({ section, place, onPlace, onLookFor }: EmptyListProps) {
  const { t } = useTranslation();
  if (place.search !== "") {
    return (
      <Empty
        icon="search"
        title={t("empty.search.title", { text: place.search })}
        text={t("empty.search.text", { section: t(`nav.${section}`) })}
      >
        <Button icon="search" onClick={() => onLookFor(place.search)}>
          {t("empty.lookFor")}
        </Button>
        <Button onClick={() => onPlace({ search: "" })}>{t("empty.clearSearch")}</Button>
      </Empty>
    );
  }
  const all = section === "incoming" ? "incoming_all" : "outgoing_all";
  const filtered = place.view !== all;
  return (
    <Empty
      icon="inboxEmpty"
      title={t(`empty.${place.view}.title`)}
      text={t(`empty.${place.view}.text`)}
    >
      {filtered ? (
        <Button onClick={() => onPlace({ view: all })}>{t("empty.showAll")}</Button>
      ) : (
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
