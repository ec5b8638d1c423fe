import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { useSettings } from "../../api/settings";
import type { AccountDto, Network, SignOutcome } from "../../generated/types";
import { CommandError } from "../../platform";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import { Resizer } from "../../shared/Resizer";
import { useMedia } from "../../shared/useMedia";
import { useShortcut } from "../../shared/useShortcut";
import { SignPanel } from "../signing/SignPanel";
import { usePlacement } from "../signing/usePlacement";
import { Viewer } from "../viewer/Viewer";
import css from "./DocumentPane.module.css";
import { FileState } from "./FileState";
import { FileTabs } from "./FileTabs";
import { Header } from "./Header";
import { PanelRail, type PanelTab, SidePanel } from "./SidePanel";
import { useMarkOpened } from "./useMarkOpened";

interface DocumentPaneProps {
  id: string;
  account: AccountDto | null;
  network: Network;
  onBack: () => void;
  /** Signing has begun or ended: where there is little room, the list makes place. */
  onSigning: (signing: boolean) => void;
}

/** Below this width the panel lies over the page's right edge. */
const DRAWER = "(max-width: 1199px)";
/** From this width the panel is open unless the user closed it: the page has room beside it. */
const ROOMY = "(min-width: 1500px)";

/** The selected document: its acts, its page, and its details beside the page. */
export function DocumentPane({ id, account, network, onBack, onSigning }: DocumentPaneProps) {
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const drawer = useMedia(DRAWER);
  const { data, error } = useRead("documents", "document_get", { id });
  const [fileChosen, setFileChosen] = useState<{ document: string; file: string } | null>(null);
  const [signing, setSigning] = useState<string | null>(null);
  const [signed, setSigned] = useState<{ document: string; outcome: SignOutcome } | null>(null);
  const [tab, setTab] = useState<PanelTab>("info");
  const [writing, setWriting] = useState(0);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [dragged, setDragged] = useState<number | null>(null);
  useMarkOpened(id, data?.row.unread ?? false);

  const file =
    data?.files.find((f) => fileChosen?.document === id && f.id === fileChosen.file) ??
    data?.files[0];
  const isSigning = signing === id && file !== undefined;
  useEffect(() => onSigning(isSigning), [isSigning, onSigning]);
  const outcome = signed?.document === id ? signed.outcome : null;
  const placed = isSigning ? { document: id, file: file.id, sha256: file.head } : undefined;
  const placement = usePlacement(placed, true);
  const roomy = useMedia(ROOMY);
  const remembered = read("panel.open");
  const beside = remembered === undefined ? roomy : remembered === "1";
  const panelOpen = isSigning || (drawer ? drawerOpen : beside);
  const width = Math.min(Math.max(dragged ?? (Number(read("panel.width")) || 304), 264), 480);

  const startSigning = () => {
    setSigned(null);
    setSigning(id);
  };
  const stopSigning = () => setSigning(null);
  // The box must not be under the panel that asks for its place.
  const lies = drawer && !isSigning;
  const showPanel = (open: boolean) => {
    stopSigning();
    if (drawer) setDrawerOpen(open);
    else remember("panel.open", open ? "1" : "0");
  };
  const write = () => {
    setTab("opinions");
    showPanel(true);
    setWriting((n) => n + 1);
  };
  const canSign =
    data?.direction === "outgoing" &&
    data.blocked_since === null &&
    data.row.state === "awaiting_signature" &&
    file?.media_type === "application/pdf" &&
    file.place === "here";

  useShortcut("panel", () => showPanel(!panelOpen));
  useShortcut("opinion", write, data !== undefined);
  useShortcut("main", () => (canSign ? startSigning() : write()), data !== undefined && !isSigning);
  useShortcut("back", () => {
    if (isSigning) stopSigning();
    else if (drawer && drawerOpen) setDrawerOpen(false);
    else onBack();
  });

  if (data === undefined) {
    return error === null ? null : <ErrorMessage error={error} className={css.error} />;
  }
  return (
    <article className={css.document} aria-label={t("document.label", { title: data.row.subject })}>
      <Header
        detail={data}
        leader={account?.posts[0]?.role === "leader"}
        canSign={canSign}
        signing={isSigning}
        panelOpen={panelOpen}
        onSign={startSigning}
        onWrite={write}
        onPanel={() => showPanel(!panelOpen)}
      />
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
          {file !== undefined && file.place === "here" && file.media_type === "application/pdf" ? (
            <Viewer
              key={file.id}
              sha256={file.head}
              placement={isSigning && outcome === null ? placement : undefined}
            />
          ) : (
            <FileState file={file} network={network} />
          )}
        </div>
        {(!panelOpen || drawer) && !isSigning && (
          <PanelRail
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
            width={width}
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
            style={{ width: lies ? undefined : width }}
            aria-label={t("panel.label")}
          >
            {isSigning ? (
              <SignPanel
                key={id}
                detail={data}
                file={file}
                placement={placement}
                network={network}
                outcome={outcome}
                onSigned={(done) => setSigned({ document: id, outcome: done })}
                onClose={stopSigning}
              />
            ) : (
              <SidePanel
                detail={data}
                file={file}
                account={account}
                tab={tab}
                onTab={setTab}
                writing={writing}
                onClose={drawer ? () => setDrawerOpen(false) : undefined}
              />
            )}
          </aside>
        )}
      </div>
    </article>
  );
}
