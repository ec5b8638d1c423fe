import type { ListSection } from "../features/frame/sections";
import type { DocumentView } from "../generated/types";

/** Where the user is in a section's list: kept while another section is open. */
export interface ListPlace {
  view: DocumentView;
  search: string;
  selected: string | null;
}

export type ListPlaces = Record<ListSection, ListPlace>;

export const PLACES_AT_START: ListPlaces = {
  incoming: { view: "incoming_pending", search: "", selected: null },
  outgoing: { view: "outgoing_all", search: "", selected: null },
};

/** Whether the person went from one document to another in the same list: the list itself chooses its
 * first one. */
export function isAnotherChosen(from: ListPlace, to: ListPlace): boolean {
  const isSameList = from.view === to.view && from.search === to.search;
  return (
    isSameList && from.selected !== null && to.selected !== null && from.selected !== to.selected
  );
}
