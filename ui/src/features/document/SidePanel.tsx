import { Tabs } from "@base-ui/react/tabs";
import { useTranslation } from "react-i18next";
import type { AccountDto, DocumentDetail, DraftVersionDto, FileDto } from "../../generated/types";
import { IconButton } from "../../shared/IconButton";
import type { IconName } from "../../shared/icons/Icon";
import { FormatPanel } from "../format/FormatPanel";
import { CoursePanel } from "../handling/CoursePanel";
import type { Acting } from "../handling/useHandling";
import { Opinions } from "../opinions/Opinions";
import type { Notes } from "../opinions/useNotes";
import { Signatures } from "../signatures/Signatures";
import type { Lit } from "../viewer/lit";
import { Info } from "./Info";
import css from "./SidePanel.module.css";
import { isReadable } from "./words";

const PANEL_TABS = ["info", "flow", "format", "signatures", "opinions"] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

const TAB_ICONS: Record<PanelTab, IconName> = {
  info: "info",
  flow: "flow",
  format: "sheet",
  signatures: "seal",
  opinions: "opinion",
};

/** The decree's format is asked of what goes out; what came in is its sender's. */
function tabsOf(direction: string): readonly PanelTab[] {
  return PANEL_TABS.filter((tab) => tab !== "format" || direction === "outgoing");
}

interface PanelRailProps {
  direction: string;
  opinions: number;
  onOpen: (tab: PanelTab) => void;
}

/** The closed panel: its tabs as signs at the right edge, so that the page has the room. */
export function PanelRail({ direction, opinions, onOpen }: PanelRailProps) {
  const { t } = useTranslation();
  return (
    <nav className={css.rail} aria-label={t("panel.label")}>
      {tabsOf(direction).map((id) => (
        <span key={id} className={css.railItem}>
          <IconButton
            icon={TAB_ICONS[id]}
            label={t(`panel.${id}`)}
            onClick={() => onOpen(id)}
            data-testid={`tab-${id}`}
          />
          {id === "opinions" && opinions > 0 && <span className={css.dot}>{opinions}</span>}
        </span>
      ))}
    </nav>
  );
}

interface SidePanelProps {
  detail: DocumentDetail;
  file: FileDto | undefined;
  account: AccountDto | null;
  acting: Acting;
  /** Puts an earlier version of a draft beside the one that counts. */
  onBeside: ((version: DraftVersionDto) => void) | undefined;
  notes: Notes;
  /** Lights places on the pages. */
  onLit: (lit: Lit | null) => void;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  /** The user asked to write: the opinion field takes the focus once, and says so. */
  writing: boolean;
  onWriting: () => void;
  onClose: (() => void) | undefined;
}

/** The document's details beside the page. */
export function SidePanel(props: SidePanelProps) {
  const { detail, file, account, acting, onBeside, notes, onLit, tab, onTab } = props;
  const { writing, onWriting, onClose } = props;
  const { t } = useTranslation();
  const counts: Partial<Record<PanelTab, number>> = { opinions: detail.opinions.length };
  return (
    <Tabs.Root
      className={css.panel}
      value={tabsOf(detail.direction).includes(tab) ? tab : "info"}
      onValueChange={(value) => onTab(value as PanelTab)}
    >
      <div className={css.head}>
        <Tabs.List className={css.tabs} aria-label={t("panel.label")}>
          {tabsOf(detail.direction).map((id) => (
            <Tabs.Tab key={id} value={id} className={css.tab} data-testid={`tab-${id}`}>
              {t(`panel.${id}`)}
              {(counts[id] ?? 0) > 0 && <span className={css.count}>{counts[id]}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {onClose !== undefined && (
          <IconButton icon="close" label={t("document.panelHide")} onClick={onClose} />
        )}
      </div>
      <Tabs.Panel value="info" className={css.body}>
        <Info detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="flow" className={css.body}>
        <CoursePanel detail={detail} acting={acting} onBeside={onBeside} />
      </Tabs.Panel>
      <Tabs.Panel value="format" className={css.fixed}>
        <FormatPanel
          key={file?.head}
          document={detail.row.id}
          file={isReadable(file) ? file : undefined}
          acting={acting}
          onLit={onLit}
        />
      </Tabs.Panel>
      <Tabs.Panel value="signatures" className={css.body}>
        <Signatures file={file} />
      </Tabs.Panel>
      <Tabs.Panel value="opinions" className={css.fixed}>
        <Opinions
          key={detail.row.id}
          detail={detail}
          account={account}
          notes={notes}
          writing={writing}
          onWriting={onWriting}
        />
      </Tabs.Panel>
    </Tabs.Root>
  );
}
