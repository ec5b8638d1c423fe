import type { DocumentView, ViewCounts } from "../../generated/types";
import type { IconName } from "../../shared/icons/Icon";

export const SECTIONS = [
  "incoming",
  "outgoing",
  "to_sign",
  "scan",
  "book",
  "dossiers",
  "tasks",
  "search",
  "statistics",
  "sync",
  "settings",
] as const;
export type Section = (typeof SECTIONS)[number];
export type ListSection = "incoming" | "outgoing";

export const SECTION_ICONS: Record<Section, IconName> = {
  incoming: "incoming",
  outgoing: "outgoing",
  to_sign: "sign",
  scan: "scan",
  book: "book",
  search: "search",
  dossiers: "folder",
  statistics: "chart",
  tasks: "task",
  sync: "sync",
  settings: "settings",
};

type ViewLabel =
  | "pending"
  | "say"
  | "hold"
  | "overdue"
  | "dueSoon"
  | "support"
  | "inform"
  | "done"
  | "all"
  | "drafts"
  | "check"
  | "toSign"
  | "issue"
  | "issued";

interface SectionView {
  view: DocumentView;
  label: ViewLabel;
  /** None where counting would cost as much as the list is long. */
  count?: keyof ViewCounts;
  /** Whose work it is, where that is one role's; others have nothing to look for in it. */
  role?: string;
}

/** The lists of each section. */
export const SECTION_VIEWS: Record<ListSection, readonly SectionView[]> = {
  incoming: [
    { view: "incoming_pending", label: "pending", count: "incoming_pending" },
    { view: "incoming_say", label: "say", count: "incoming_say" },
    { view: "incoming_hold", label: "hold", count: "incoming_hold" },
    { view: "incoming_overdue", label: "overdue", count: "incoming_overdue" },
    { view: "incoming_due_soon", label: "dueSoon", count: "incoming_due_soon" },
    { view: "incoming_support", label: "support", count: "incoming_support" },
    { view: "incoming_inform", label: "inform", count: "incoming_inform" },
    { view: "incoming_done", label: "done" },
    { view: "incoming_all", label: "all", count: "incoming_all" },
  ],
  outgoing: [
    { view: "drafts", label: "drafts", count: "drafts" },
    { view: "outgoing_check", label: "check", count: "outgoing_check" },
    { view: "to_sign", label: "toSign", count: "to_sign", role: "leader" },
    { view: "outgoing_issue", label: "issue", count: "outgoing_issue", role: "clerk" },
    { view: "outgoing_issued", label: "issued" },
    { view: "outgoing_all", label: "all", count: "outgoing_all" },
  ],
};

export function isListSection(section: Section): section is ListSection {
  return section === "incoming" || section === "outgoing";
}

/** The section and view of a list by its name; none for one that is no list of documents. */
export function listNamed(name: string): { section: ListSection; view: DocumentView } | null {
  for (const section of ["incoming", "outgoing"] as const) {
    const found = SECTION_VIEWS[section].find(({ view }) => view === name);
    if (found !== undefined) return { section, view: found.view };
  }
  return null;
}
