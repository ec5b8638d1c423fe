import { Tabs } from "@base-ui/react/tabs";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { AccountDto, DocumentView } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import type { ListPlace } from "../../views/listPlaces";
import { type ListSection, SECTION_VIEWS } from "../frame/sections";
import { ManyBar } from "../handling/ManyBar";
import type { Marks } from "../handling/useMany";
import { DocumentList } from "./DocumentList";
import css from "./ListPane.module.css";
import { SearchField } from "./SearchField";

interface ListPaneProps {
  section: ListSection;
  place: ListPlace;
  onPlace: (place: ListPlace) => void;
  /** Looks for words in everything that is here. */
  onLookFor: (text: string) => void;
  /** The user wants to read the selected document. */
  onOpen: () => void;
  listRef: RefObject<HTMLDivElement | null>;
  account: AccountDto | null;
  /** Begins a draft; asked for where documents go out. */
  onDraft: () => void;
  width: number;
  /** Out of sight, but kept as it is. */
  aside: boolean;
}

/** A section's list: its filters, its search, its rows. */
export function ListPane({
  section,
  place,
  onPlace,
  onLookFor,
  onOpen,
  listRef,
  account,
  onDraft,
  width,
  aside,
}: ListPaneProps) {
  const { t } = useTranslation();
  const { data: counts } = useRead("documents", "view_counts", {});
  const holds = (role: string | undefined) =>
    role === undefined || account?.posts.some((post) => post.role === role) === true;
  const views = SECTION_VIEWS[section].filter(({ role }) => holds(role));
  // The selection outlives a change of filter where the document is in the new list too.
  const latest = useRef(place);
  latest.current = place;
  const name = t(`nav.${section}`);
  const [marks, setMarks] = useState<Marks>(new Map());
  // What is chosen is always in sight's list: another list begins with nothing chosen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the list is another one.
  useEffect(() => setMarks(new Map()), [section, place.view, place.search]);
  const drop = useCallback(
    (ids: readonly string[]) =>
      setMarks((old) => new Map([...old].filter(([id]) => !ids.includes(id)))),
    [],
  );

  return (
    <div className={cx(css.pane, aside && css.aside)} style={{ width }}>
      <div className={css.head}>
        <SearchField
          section={name}
          value={place.search}
          onSearch={(search) => onPlace({ ...latest.current, search })}
          onDown={() => listRef.current?.focus()}
        />
        <div className={css.filters}>
          <Tabs.Root
            value={place.view}
            onValueChange={(view) => onPlace({ ...latest.current, view: view as DocumentView })}
          >
            <Tabs.List className={css.tabs} aria-label={t("list.filters")}>
              {views.map(({ view, label, count }) => (
                <Tabs.Tab key={view} value={view} className={css.tab} data-testid={`view-${view}`}>
                  {t(`list.${label}`)}
                  <span
                    className={css.count}
                    data-overdue={
                      (label === "overdue" && (counts?.incoming_overdue ?? 0) > 0) || undefined
                    }
                  >
                    {count === undefined ? "" : (counts?.[count] ?? "")}
                  </span>
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Tabs.Root>
          {section === "outgoing" && (
            <Button
              icon="plus"
              title={`${t("draft.new")} (${keyLabel("draft.new")})`}
              onClick={onDraft}
              data-testid="draft-new"
            >
              {t("draft.new")}
            </Button>
          )}
        </div>
      </div>
      <DocumentList
        section={section}
        place={place}
        onSelect={(selected) => onPlace({ ...latest.current, selected })}
        onOpen={onOpen}
        onPlace={onPlace}
        onLookFor={onLookFor}
        listRef={listRef}
        marks={marks}
        onMarks={section === "incoming" ? setMarks : undefined}
      />
      {marks.size > 0 && (
        <ManyBar
          marks={marks}
          account={account}
          onClear={() => {
            setMarks(new Map());
            listRef.current?.focus();
          }}
          onDrop={drop}
          onOpen={(selected) => onPlace({ ...latest.current, selected })}
        />
      )}
    </div>
  );
}
