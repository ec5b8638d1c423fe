import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { useSettings } from "../api/settings";
import { BatchStrip } from "../features/batch/BatchStrip";
import { CopyDialog } from "../features/copies/CopyDialog";
import { type Making, MakingContext } from "../features/copies/making";
import { type AboutDraft, DraftDialog } from "../features/drafts/DraftDialog";
import { Nav } from "../features/frame/Nav";
import {
  isListSection,
  listNamed,
  SECTION_ICONS,
  SECTIONS,
  type Section,
} from "../features/frame/sections";
import { TopBar } from "../features/frame/TopBar";
import { HelpSheet } from "../features/help/HelpSheet";
import { DropZone } from "../features/intake/DropZone";
import { useScans } from "../features/intake/useScans";
import type { GuideWays } from "../features/onboarding/GuideCard";
import { GuidePlace } from "../features/onboarding/GuidePlace";
import { hasScans, isDownloaded } from "../features/onboarding/steps";
import { useFirst, useGuide } from "../features/onboarding/useGuide";
import type { Entry } from "../features/palette/entries";
import { Palette } from "../features/palette/Palette";
import { SEARCH_AT_START, type SearchPlace } from "../features/search/place";
import { useLocking } from "../features/session/useLock";
import { type StatisticsPlace, statisticsAtStart } from "../features/statistics/place";
import { TrainingBanner } from "../features/training/TrainingBanner";
import type { Held } from "../features/viewer/Compare";
import type { AppStatus, DocumentDetail } from "../generated/types";
import { keyLabel } from "../keymap";
import { host } from "../platform";
import { useShortcut } from "../shared/useShortcut";
import { BookView } from "./BookView";
import css from "./Desk.module.css";
import { DocumentsView } from "./DocumentsView";
import { DossiersView } from "./DossiersView";
import { ImportView } from "./ImportView";
import { IntakeView } from "./IntakeView";
import { isAnotherChosen, type ListPlaces, PLACES_AT_START } from "./listPlaces";
import { SearchView } from "./SearchView";
import { SETTINGS_PAGES, type SettingsPage, SettingsView } from "./SettingsView";
import { StatisticsView } from "./StatisticsView";
import { SyncView } from "./SyncView";
import { TasksView } from "./TasksView";
import { TrayView } from "./TrayView";

const NOWHERE: readonly Entry[] = [];

/** The desk: the sections at the left, one of them open. */
export function Desk({ status }: { status: AppStatus }) {
  const { t } = useTranslation();
  const { read, remember, ready } = useSettings();
  const { data: sync = status.sync } = useRead("sync", "sync_status", {});
  const [places, setPlaces] = useState<ListPlaces>(PLACES_AT_START);
  const looking = useRef<SearchPlace>(SEARCH_AT_START);
  const [counting, setCounting] = useState<StatisticsPlace>(statisticsAtStart);
  const [held, setHeld] = useState<Held | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const [drafting, setDrafting] = useState<"draft" | AboutDraft | null>(null);
  const [copying, setCopying] = useState<DocumentDetail | null>(null);
  const [guideOpen, setGuideOpen] = useState(false);
  const [hasRead, setHasRead] = useState(false);
  const readOne = useCallback(() => setHasRead(true), []);
  const [finding, setFinding] = useState(false);
  const [settingsPage, setSettingsPage] = useState<SettingsPage>("general");

  const remembered = read("section");
  const section = SECTIONS.find((known) => known === remembered) ?? "incoming";
  // A tool of the registry, beside the exchange and without a place among the sections.
  const [importing, setImporting] = useState(false);
  const go = useCallback(
    (to: Section) => {
      setImporting(false);
      remember("section", to);
    },
    [remember],
  );
  const openImport = useCallback(() => {
    remember("section", "sync");
    setImporting(true);
  }, [remember]);

  useShortcut("section.incoming", () => go("incoming"));
  useShortcut("section.outgoing", () => go("outgoing"));
  useShortcut("section.to_sign", () => go("to_sign"));
  useShortcut("section.scan", () => go("scan"));
  useShortcut("section.book", () => go("book"));
  useShortcut("section.dossiers", () => go("dossiers"));
  useShortcut("section.tasks", () => go("tasks"));
  useShortcut("section.search", () => go("search"));
  useShortcut("section.statistics", () => go("statistics"));
  useShortcut("section.sync", () => go("sync"));
  useShortcut("section.settings", () => go("settings"));
  const scans = useScans(useCallback(() => go("scan"), [go]));
  const openHelp = useCallback(() => setHelpOpen(true), []);
  useShortcut("help", openHelp);
  const draft = useCallback(() => setDrafting("draft"), []);
  useShortcut("draft.new", draft);
  const find = useCallback(() => setFinding(true), []);
  useShortcut("palette", find);
  const lock = useLocking();

  const openDocument = useCallback(
    (id: string, direction: string) => {
      const to = direction === "outgoing" ? "outgoing" : "incoming";
      const view = to === "outgoing" ? "outgoing_all" : "incoming_all";
      setPlaces((old) => ({ ...old, [to]: { view, search: "", selected: id } }));
      go(to);
    },
    [go],
  );
  // Only incoming documents are announced.
  useEffect(() => host().onOpenDocument((id) => openDocument(id, "incoming")), [openDocument]);

  const lookFor = useCallback(
    (text: string) => {
      looking.current = { ...SEARCH_AT_START, text };
      go("search");
    },
    [go],
  );

  const making = useMemo<Making>(
    () => ({
      copy: setCopying,
      amend: (detail, relation) => setDrafting({ detail, relation }),
      open: (id) =>
        void host()
          .call("document_get", { id })
          .then((found) => openDocument(id, found.direction))
          .catch(() => undefined),
    }),
    [openDocument],
  );

  useEffect(
    () =>
      host().onOpenList((wanted) => {
        // What waits for a signature has a section of its own, and so have tasks.
        if (wanted === "to_sign" || wanted === "tasks") return go(wanted);
        const list = listNamed(wanted);
        if (list === null) return;
        const { section: to, view } = list;
        setPlaces((old) => ({ ...old, [to]: { ...old[to], view, search: "" } }));
        go(to);
      }),
    [go],
  );

  // Read by the navigation too.
  const { data: intake } = useRead("intake", "intake_list", { states: [], offset: 0, limit: 1 });
  const guide = useGuide(status.account);
  useFirst("download", isDownloaded(sync));
  useFirst("scan", hasScans(intake));
  useFirst("read", hasRead);
  useFirst("palette", finding);
  useFirst("help", helpOpen);
  const { show } = guide;
  const openGuide = useCallback(() => {
    show();
    setGuideOpen(true);
  }, [show]);

  const settings = useCallback(
    (page: SettingsPage) => {
      setSettingsPage(page);
      go("settings");
    },
    [go],
  );
  const openSettings = useCallback(() => settings("general"), [settings]);
  // What stands round a section is not made anew with each letter that is opened in it.
  const ways = useMemo<GuideWays>(
    () => ({
      onSync: () => go("sync"),
      onToken: () => settings("token"),
      onSign: () => go("to_sign"),
      onScan: () => go("scan"),
      onRead: () =>
        void host()
          .call("documents_list", {
            view: "incoming_all",
            search: "",
            after: null,
            skip: 0,
            limit: 1,
          })
          .then(({ rows }) => {
            const first = rows[0];
            if (first === undefined) return go("incoming");
            readOne();
            openDocument(first.id, "incoming");
          })
          .catch(() => undefined),
      onPalette: find,
      onHelp: openHelp,
    }),
    [go, settings, readOne, openDocument, find, openHelp],
  );
  const guidePlace = useMemo(
    () =>
      guide.isShown && (
        <GuidePlace
          guide={guide}
          sync={sync}
          open={guideOpen}
          onOpenChange={setGuideOpen}
          ways={ways}
        />
      ),
    [guide, sync, guideOpen, ways],
  );
  const everywhere = (): Entry[] => [
    {
      id: "draft.new",
      group: "act",
      icon: "plus",
      title: t("draft.new"),
      shortcut: keyLabel("draft.new"),
      run: draft,
    },
    {
      id: "sync.now",
      group: "act",
      icon: "sync",
      title: t("sync.now"),
      run: () =>
        void host()
          .call("sync_now", {})
          .catch(() => undefined),
    },
    {
      id: "lock",
      group: "act",
      icon: "lock",
      title: t("lock.now"),
      shortcut: keyLabel("lock"),
      run: lock,
    },
    {
      id: "help",
      group: "act",
      icon: "keyboard",
      title: t("help.title"),
      shortcut: keyLabel("help"),
      run: openHelp,
    },
    {
      id: "guide",
      group: "act",
      icon: "check",
      title: t("onboarding.open"),
      run: openGuide,
    },
    {
      id: "import",
      group: "act",
      icon: "upload",
      title: t("import.title"),
      run: openImport,
    },
    ...SECTIONS.map(
      (to): Entry => ({
        id: `section.${to}`,
        group: "section",
        icon: SECTION_ICONS[to],
        title: t(`nav.${to}`),
        shortcut: keyLabel(`section.${to}`),
        run: () => go(to),
      }),
    ),
    ...SETTINGS_PAGES.map(
      (page): Entry => ({
        id: `settings.${page}`,
        group: "settings",
        icon: "settings",
        title: t(`settings.page.${page}`),
        note: t("nav.settings"),
        run: () => settings(page),
      }),
    ),
  ];

  // Without the remembered section and widths the first paint would jump.
  if (!ready) return null;
  return (
    <div className={css.desk}>
      <div>
        <TrainingBanner />
        {section !== "to_sign" && <BatchStrip onOpen={() => go("to_sign")} />}
      </div>
      <TopBar
        status={status}
        sync={sync}
        onNetwork={ways.onSync}
        onFind={find}
        onToken={ways.onToken}
        onSettings={openSettings}
        onHelp={openHelp}
      />
      <div className={css.body}>
        <Nav section={section} onGo={go} sync={sync} guide={guidePlace} onHelp={openHelp} />
        {isListSection(section) && (
          <MakingContext value={making}>
            <DocumentsView
              key={section}
              section={section}
              place={places[section]}
              onPlace={(place) => {
                if (isAnotherChosen(places[section], place)) readOne();
                setPlaces((old) => ({ ...old, [section]: place }));
              }}
              account={status.account}
              network={sync.network}
              held={held}
              onHold={setHeld}
              onDraft={draft}
              onLookFor={lookFor}
              onRead={readOne}
            />
          </MakingContext>
        )}
        {section === "to_sign" && <TrayView network={sync.network} onOpenDocument={openDocument} />}
        {section === "scan" && <IntakeView scans={scans} onOpenDocument={openDocument} />}
        {section === "book" && <BookView onOpenDocument={openDocument} />}
        {section === "dossiers" && (
          <DossiersView account={status.account} onOpenDocument={openDocument} />
        )}
        {section === "tasks" && <TasksView onOpenDocument={openDocument} />}
        {section === "search" && (
          <MakingContext value={making}>
            <SearchView
              memory={looking}
              account={status.account}
              network={sync.network}
              held={held}
              onHold={setHeld}
            />
          </MakingContext>
        )}
        {section === "statistics" && (
          <StatisticsView place={counting} onPlace={setCounting} onOpenDocument={openDocument} />
        )}
        {section === "sync" &&
          (importing ? (
            <ImportView onBack={() => setImporting(false)} />
          ) : (
            <SyncView
              sync={sync}
              status={status}
              onOpenDocument={openDocument}
              onImport={openImport}
            />
          ))}
        {section === "settings" && (
          <SettingsView status={status} page={settingsPage} onPage={setSettingsPage} />
        )}
      </div>
      {scans.over && <DropZone />}
      <DraftDialog
        open={drafting !== null}
        about={drafting === "draft" ? null : drafting}
        onClose={() => setDrafting(null)}
        onDrafted={(id) => {
          setDrafting(null);
          setPlaces((old) => ({ ...old, outgoing: { view: "drafts", search: "", selected: id } }));
          go("outgoing");
        }}
      />
      {copying !== null && (
        <CopyDialog
          detail={copying}
          onClose={() => setCopying(null)}
          onMade={(id) => {
            setCopying(null);
            openDocument(id, "outgoing");
          }}
        />
      )}
      <Palette
        open={finding}
        entries={finding ? everywhere() : NOWHERE}
        onOpenDocument={openDocument}
        onClose={() => setFinding(false)}
      />
      <HelpSheet open={helpOpen} onOpenChange={setHelpOpen} onGuide={openGuide} />
    </div>
  );
}
