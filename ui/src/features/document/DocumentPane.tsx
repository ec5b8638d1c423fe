import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type {
  AccountDto,
  DocumentDetail,
  DraftVersionDto,
  FileDto,
  Network,
  SignOutcome,
} from "../../generated/types";
import { CommandError } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import { Resizer } from "../../shared/Resizer";
import { useFocusBack } from "../../shared/useFocusBack";
import { useMedia } from "../../shared/useMedia";
import { useShortcut } from "../../shared/useShortcut";
import { Amended } from "../copies/Related";
import { useMakingKeys, useMakings } from "../copies/useMakings";
import { AddDialog } from "../dossiers/AddDialog";
import { ActKeys } from "../handling/ActKeys";
import { ActPanel } from "../handling/ActPanel";
import { allowedActs, mainAct, signsAs } from "../handling/acts";
import { useHandling } from "../handling/useHandling";
import { isWhole } from "../opinions/notes";
import { useNotes } from "../opinions/useNotes";
import { SignPanel } from "../signing/SignPanel";
import { usePlacement } from "../signing/usePlacement";
import { TaskForm } from "../tasks/TaskForm";
import { Compare, type Held, HoldBar, isOther } from "../viewer/Compare";
import type { Lit } from "../viewer/lit";
import type { Beside } from "../viewer/Pages";
import type { Selected } from "../viewer/selected";
import { Viewer } from "../viewer/Viewer";
import css from "./DocumentPane.module.css";
import { FileState } from "./FileState";
import { FileTabs } from "./FileTabs";
import { Header } from "./Header";
import { PanelRail, type PanelTab, SidePanel } from "./SidePanel";
import { useMarkOpened } from "./useMarkOpened";
import { usePaneOffer } from "./usePaneOffer";
import { isReadable } from "./words";

interface DocumentPaneProps {
  id: string;
  account: AccountDto | null;
  network: Network;
  onBack: () => void;
  /** It was here and is no longer: taken back, or away from the agency. */
  onGone: () => void;
  /** Signing has begun or ended: where there is little room, the list makes place. */
  onSigning: (signing: boolean) => void;
  comparing: Comparing;
}

/** Two documents side by side: one is kept on the left, the one that is chosen is on the right. */
interface Comparing {
  held: Held | null;
  onHold: (held: Held | null) => void;
  listOpen: boolean;
  onList: () => void;
}

/** Below this width the panel lies over the page's right edge. */
const DRAWER = "(max-width: 1199px)";
/** From this width the panel is open unless the user closed it: the page has room beside it. */
const ROOMY = "(min-width: 1500px)";

/** The selected document: its acts, its page, and its details beside the page. */
export function DocumentPane(props: DocumentPaneProps) {
  const { id, account, network, onBack, onGone, onSigning, comparing } = props;
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const drawer = useMedia(DRAWER);
  const { data, error } = useRead("documents", "document_get", { id });
  const [fileChosen, setFileChosen] = useState<{ document: string; file: string } | null>(null);
  const [signing, setSigning] = useState<string | null>(null);
  const [signed, setSigned] = useState<{ document: string; outcome: SignOutcome } | null>(null);
  const [tab, setTab] = useState<PanelTab>("info");
  const [writing, setWriting] = useState(false);
  const written = useCallback(() => setWriting(false), []);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [lit, setLit] = useState<Lit | null>(null);
  const [adding, setAdding] = useState(false);
  const [giving, setGiving] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  const acting = useHandling(id, data !== undefined, data?.row.notation ?? data?.row.subject ?? "");
  useMarkOpened(id, data?.row.unread ?? false);
  const gone = data !== undefined && error?.code === "NOT_FOUND";
  useEffect(() => {
    if (gone) onGone();
  }, [gone, onGone]);

  const file =
    data?.files.find((f) => fileChosen?.document === id && f.id === fileChosen.file) ??
    data?.files[0];
  const notes = useNotes(id, data?.opinions, file?.head);
  const isSigning = signing === id && file !== undefined;
  const isActing = acting.form !== null && !isSigning;
  // What the panel points at must not lie under it.
  const isChecking = tab === "format" && data?.direction === "outgoing";
  const isPointing = isChecking || notes.noting !== null;
  const needsRoom = isSigning || isActing || (isPointing && drawer && drawerOpen);
  useEffect(() => onSigning(needsRoom), [needsRoom, onSigning]);
  useFocusBack(isActing, onBack);
  const outcome = signed?.document === id ? signed.outcome : null;
  const placed = isSigning ? { document: id, file: file.id, sha256: file.head } : undefined;
  const placement = usePlacement(placed, true);
  const roomy = useMedia(ROOMY);
  const remembered = read("panel.open");
  const beside = remembered === undefined ? roomy : remembered === "1";
  const title = data === undefined ? "" : titleOf(data, file);
  const held = isSigning || isActing ? null : comparing.held;
  const both = file !== undefined && isOther(held, { document: id, file: file.id, title });
  const panelOpen = isSigning || isActing || (!both && (drawer ? drawerOpen : beside));
  const width = Math.min(Math.max(dragged ?? (Number(read("panel.width")) || 328), 264), 480);

  // A form needs room for its words.
  const panelWidth = isActing ? Math.max(width, 340) : width;

  const startSigning = () => {
    setSigned(null);
    setSigning(id);
  };
  const stopSigning = () => setSigning(null);
  // Neither the box must be under the panel that asks for its place, nor what is being decided on.
  const lies = drawer && !isSigning && !isActing && !isPointing;
  const showPanel = (open: boolean) => {
    stopSigning();
    acting.close();
    if (drawer) setDrawerOpen(open);
    else remember("panel.open", open ? "1" : "0");
  };
  const write = () => {
    setTab("opinions");
    showPanel(true);
    setWriting(true);
  };
  const goesOut = data?.direction === "outgoing";
  const as = signsAs(acting.handling);
  const canSign =
    goesOut &&
    data.blocked_since === null &&
    as !== null &&
    // The agency signs the document itself, not what goes along with it.
    (as === "leader" || file?.role === "main") &&
    file?.media_type === "application/pdf" &&
    file.place === "here";

  const showFormat = () => {
    setTab("format");
    showPanel(true);
  };
  useShortcut("format.open", showFormat, goesOut);
  useShortcut("panel", () => showPanel(!panelOpen));
  useShortcut("opinion", write, data !== undefined);
  const first = mainAct(acting.handling);
  const main = () => {
    if (canSign) startSigning();
    else if (first !== null) acting.start(first);
    else write();
  };
  useShortcut("main", main, data !== undefined && acting.known && !isSigning && !isActing);
  const undoable = acting.handling?.undoable === true && !isActing;
  useShortcut("act.undo", acting.undo, undoable);
  const readable = isReadable(file);
  const hold = () => {
    if (file !== undefined)
      comparing.onHold({ document: id, file: file.id, sha256: file.head, title });
  };
  const note = (place: Selected) => {
    notes.begin(place);
    // A box is put where it belongs first, and nothing must lie over its page.
    if (place.isFree === true) setTab("opinions");
    else write();
  };
  const noteBox = notes.noting?.isFree
    ? {
        page: notes.noting.place.page,
        at: notes.noting.place.at,
        isWhole: isWhole(notes.noting.place),
        put: notes.put,
        write,
        stop: notes.stop,
      }
    : undefined;
  const mayNote = !isSigning && !isActing && !both;
  const mayHold = readable && !isSigning && !both;
  const holdVersion = ({ number, sha256 }: DraftVersionDto) => {
    if (file === undefined) return;
    const name = `${t("draft.version", { number })} · ${data?.row.subject ?? ""}`;
    comparing.onHold({ document: id, file: `${file.id} ${number}`, sha256, title: name });
  };
  useShortcut("compare", hold, mayHold);
  const makings = useMakings(data, acting.handling);
  useMakingKeys(makings, !isSigning && !isActing);
  useShortcut("dossier.add", () => setAdding(true), data !== undefined && !isSigning && !isActing);
  const givesTasks = (useRead("session", "task_people", {}).data ?? []).length > 0;
  const giveTask = givesTasks ? () => setGiving(true) : undefined;
  const mayGive = givesTasks && data !== undefined && !isSigning && !isActing;
  useShortcut("task.give", () => setGiving(true), mayGive);
  usePaneOffer({
    makings,
    detail: data,
    acting,
    busy: isSigning || isActing,
    sign: canSign ? { as, run: startSigning } : undefined,
    onWrite: write,
    onHold: mayHold ? hold : undefined,
    onFormat: goesOut ? showFormat : undefined,
    onDossier: () => setAdding(true),
    onTask: giveTask,
  });
  useShortcut("back", () => {
    if (isSigning) stopSigning();
    else if (isActing) acting.close();
    else if (held !== null) comparing.onHold(null);
    else if (drawer && drawerOpen) setDrawerOpen(false);
    else onBack();
  });

  if (data === undefined) {
    return error === null ? null : <ErrorMessage error={error} className={css.error} />;
  }
  const page = (beside: Beside | undefined, pointed: Lit | undefined) =>
    file !== undefined && readable ? (
      <Viewer
        key={file.id}
        sha256={file.head}
        placement={isSigning && outcome === null ? placement : undefined}
        document={id}
        onCompare={mayHold ? hold : undefined}
        onNote={mayNote ? note : undefined}
        noteBox={mayNote ? noteBox : undefined}
        lit={pointed}
        beside={beside}
      />
    ) : (
      <FileState file={file} network={network} />
    );
  return (
    <article className={css.document} aria-label={t("document.label", { title: data.row.subject })}>
      <Header
        detail={data}
        leader={account?.posts[0]?.role === "leader"}
        signsAs={canSign ? as : null}
        signing={isSigning}
        panelOpen={panelOpen}
        acting={acting}
        onSign={startSigning}
        onWrite={write}
        onPanel={() => showPanel(!panelOpen)}
        onTask={giveTask}
      />
      {!isActing && !isSigning && (
        <ActKeys allowed={allowedActs(acting.handling)} onStart={acting.start} />
      )}
      {adding && <AddDialog documents={[id]} onClose={() => setAdding(false)} />}
      {giving && (
        <TaskForm
          document={{ id, title: data.row.notation ?? data.row.subject }}
          onClose={() => setGiving(false)}
          onGiven={() => setGiving(false)}
        />
      )}
      {acting.error !== null && !isActing && (
        <ErrorMessage error={acting.error} className={css.blocked}>
          <Button onClick={acting.forget}>{t("app.close")}</Button>
        </ErrorMessage>
      )}
      {acting.unread !== null && (
        <ErrorMessage error={acting.unread} className={css.blocked}>
          <Button onClick={acting.again}>{t("app.retry")}</Button>
        </ErrorMessage>
      )}
      {!isActing && <Amended handling={acting.handling} />}
      {data.blocked_since !== null && (
        <ErrorMessage
          error={new CommandError("DOCUMENT_BLOCKED", { at: formatDate(data.blocked_since) })}
          className={css.blocked}
        />
      )}
      <div className={css.body}>
        <div className={css.page}>
          {data.files.length > 1 && (
            <FileTabs
              files={data.files}
              current={file?.id ?? ""}
              onChoose={(chosen) => setFileChosen({ document: id, file: chosen })}
            />
          )}
          {held !== null && !both && <HoldBar held={held} onStop={() => comparing.onHold(null)} />}
          {both ? (
            <Compare
              held={held}
              key={`${held.sha256} ${file.id}`}
              title={title}
              sha256={readable ? file.head : undefined}
              versions={held.document === id && held.file.startsWith(file.id)}
              right={page}
              listOpen={comparing.listOpen}
              onList={held.document === id ? undefined : comparing.onList}
              onStop={() => comparing.onHold(null)}
            />
          ) : (
            page(undefined, lit ?? notes.marks)
          )}
        </div>
        {(!panelOpen || lies) && !isSigning && !isActing && !both && (
          <PanelRail
            direction={data.direction}
            opinions={data.opinions.length}
            onOpen={(chosen) => {
              setTab(chosen);
              showPanel(true);
            }}
          />
        )}
        {panelOpen && !lies && (
          <Resizer
            label={t("panel.resize")}
            width={panelWidth}
            min={264}
            max={480}
            direction={-1}
            onResize={setDragged}
            onDone={(value) => {
              setDragged(null);
              remember("panel.width", String(value));
            }}
          />
        )}
        {panelOpen && (
          <aside
            className={lies ? css.drawer : css.panel}
            data-over={lies ? "" : undefined}
            style={{ width: lies ? undefined : panelWidth }}
            aria-label={t("panel.label")}
          >
            {isSigning ? (
              <SignPanel
                key={id}
                detail={data}
                file={file}
                as={as}
                placement={placement}
                network={network}
                outcome={outcome}
                onSigned={(done) => setSigned({ document: id, outcome: done })}
                onClose={stopSigning}
              />
            ) : isActing && acting.form !== null ? (
              <ActPanel
                key={`${id} ${acting.form}`}
                detail={data}
                kind={acting.form}
                acting={acting}
                account={account}
              />
            ) : (
              <SidePanel
                detail={data}
                file={file}
                account={account}
                acting={acting}
                onBeside={readable ? holdVersion : undefined}
                notes={notes}
                onLit={setLit}
                tab={tab}
                onTab={setTab}
                writing={writing}
                onWriting={written}
                onClose={drawer ? () => setDrawerOpen(false) : undefined}
              />
            )}
          </aside>
        )}
      </div>
    </article>
  );
}

/** What a file beside another is called: the document's number or subject, and which file it is. */
function titleOf(detail: DocumentDetail, file: FileDto | undefined): string {
  const document = detail.row.notation ?? detail.row.subject;
  const isMain = file === undefined || file.role === "main";
  return isMain ? `${document} · ${detail.row.issuer}` : `${document} · ${file.name}`;
}
