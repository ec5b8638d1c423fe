import type { DocumentView, ViewCounts } from "../../generated/types";
import type { IconName } from "../../shared/icons/Icon";

export const SECTIONS = [
  "incoming",
  "outgoing",
  "to_sign",
  "scan",
  "book",
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
  sync: "sync",
  settings: "settings",
};

export type ViewLabel = "pending" | "overdue" | "all" | "outgoing";

/** The lists of each section: the first is the one that opens. */
export const SECTION_VIEWS: Record<
  ListSection,
  ReadonlyArray<{ view: DocumentView; label: ViewLabel; count: keyof ViewCounts }>
> = {
  incoming: [
    { view: "incoming_pending", label: "pending", count: "incoming_pending" },
    { view: "incoming_overdue", label: "overdue", count: "incoming_overdue" },
    { view: "incoming_all", label: "all", count: "incoming_all" },
  ],
  outgoing: [{ view: "outgoing_all", label: "outgoing", count: "outgoing_all" }],
};

export function isListSection(section: Section): section is ListSection {
  return section === "incoming" || section === "outgoing";
}
