import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../api/settings";
import { DocumentPane } from "../features/document/DocumentPane";
import type { ListSection } from "../features/frame/sections";
import { ListPane } from "../features/list/ListPane";
import type { Held } from "../features/viewer/Compare";
import type { AccountDto, Network } from "../generated/types";
import { keyLabel } from "../keymap";
import { Empty } from "../shared/Empty";
import unseen from "../shared/hidden.module.css";
import { Resizer } from "../shared/Resizer";
import { NARROW, useMedia } from "../shared/useMedia";
import css from "./DocumentsView.module.css";
import type { ListPlace } from "./listPlaces";

interface DocumentsViewProps {
  section: ListSection;
  place: ListPlace;
  onPlace: (place: ListPlace) => void;
  account: AccountDto | null;
  network: Network;
  /** A file that is kept so that another is put beside it; from any section. */
  held: Held | null;
  onHold: (held: Held | null) => void;
  onDraft: () => void;
  /** Looks for words in everything that is here. */
  onLookFor: (text: string) => void;
  /** The person went into the document to read it. */
  onRead: () => void;
}

/** A list at the left, the selected document at the right. */
export function DocumentsView(props: DocumentsViewProps) {
  const { section, place, onPlace, account, network, held, onHold, onDraft, onLookFor, onRead } =
    props;
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const narrow = useMedia(NARROW);
  const list = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const [signing, setSigning] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const comparing = held !== null && place.selected !== null && place.selected !== held.document;
  const listOpen = read("compare.list") !== "0";
  const width = dragged ?? (Number(read("list.width")) || (narrow ? 320 : 344));
  const bounded = Math.min(Math.max(width, 260), narrow ? 380 : 560);

  const openSelected = useCallback(() => {
    pane.current?.querySelector<HTMLElement>("[data-viewer]")?.focus();
    onRead();
  }, [onRead]);

  const latest = useRef({ place, onPlace });
  latest.current = { place, onPlace };
  const gone = useCallback(() => {
    latest.current.onPlace({ ...latest.current.place, selected: null });
  }, []);

  return (
    <>
      <section className={css.list} aria-label={t("list.label", { section: t(`nav.${section}`) })}>
        <h1 className={unseen.hidden}>{t(`nav.${section}`)}</h1>
        <ListPane
          section={section}
          place={place}
          onPlace={onPlace}
          onOpen={openSelected}
          listRef={list}
          account={account}
          onDraft={onDraft}
          onLookFor={onLookFor}
          width={bounded}
          aside={(narrow && signing) || (comparing && !listOpen)}
        />
        <Resizer
          label={t("list.resize")}
          width={bounded}
          min={260}
          max={narrow ? 380 : 560}
          direction={1}
          onResize={setDragged}
          onDone={(value) => {
            setDragged(null);
            remember("list.width", String(value));
          }}
        />
      </section>
      <main className={css.document} ref={pane}>
        {place.selected === null ? (
          <Empty
            icon="document"
            title={t("empty.document.title")}
            text={t("empty.document.text", {
              next: keyLabel("list.next"),
              previous: keyLabel("list.previous"),
              open: keyLabel("list.open"),
            })}
          />
        ) : (
          <DocumentPane
            id={place.selected}
            account={account}
            network={network}
            onBack={() => list.current?.focus()}
            onGone={gone}
            onSigning={setSigning}
            comparing={{
              held,
              onHold,
              listOpen,
              onList: () => remember("compare.list", listOpen ? "0" : "1"),
            }}
          />
        )}
      </main>
    </>
  );
}
