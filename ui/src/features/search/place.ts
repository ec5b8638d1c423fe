import type { SearchNarrow, SearchOrder } from "../../generated/types";

/** What is looked for: kept while another section is open. */
export interface SearchPlace {
  text: string;
  narrow: SearchNarrow;
  order: SearchOrder;
  selected: string | null;
  /** The selected one is open beside the results. */
  open: boolean;
}

export const NOTHING_CHOSEN: SearchNarrow = {
  direction: "",
  kind: "",
  issuer: "",
  year: "",
  state: "",
  urgency: "",
};

export const SEARCH_AT_START: SearchPlace = {
  text: "",
  narrow: NOTHING_CHOSEN,
  order: "newest",
  selected: null,
  open: false,
};

/** Whether anything is looked for. */
export function isAsking({ text, narrow }: Pick<SearchPlace, "text" | "narrow">): boolean {
  return text.trim() !== "" || Object.values(narrow).some((value) => value !== "");
}
