import { createContext, useContext } from "react";
import type { DocumentDetail, DocumentRelation } from "../../generated/types";

/** What is made of a document at another place of the desk, and the way to a document by its id. */
export interface Making {
  /** Opens the dialog that makes a copy. */
  copy: (detail: DocumentDetail) => void;
  /** Opens a draft that corrects or replaces an issued document. */
  amend: (detail: DocumentDetail, relation: DocumentRelation) => void;
  open: (document: string) => void;
}

/** None in a part of the desk that shows no list: nothing is made there. */
export const MakingContext = createContext<Making | null>(null);

export function useMaking(): Making | null {
  return useContext(MakingContext);
}
