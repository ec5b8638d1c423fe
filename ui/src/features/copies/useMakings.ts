import { useRead } from "../../api/query";
import type { DocumentDetail, DocumentRelation, HandlingDto } from "../../generated/types";
import { useShortcut } from "../../shared/useShortcut";
import { useMaking } from "./making";

/** What can be made of a document here and now. */
export interface Makings {
  copy: (() => void) | undefined;
  amendments: ReadonlyArray<{ relation: DocumentRelation; run: () => void }>;
}

const NOTHING: Makings = { copy: undefined, amendments: [] };

/** Copies, corrections and replacements of a document, as the desk offers them. */
export function useMakings(
  detail: DocumentDetail | undefined,
  handling: HandlingDto | undefined,
): Makings {
  const making = useMaking();
  const allowed = handling?.allowed ?? [];
  const may = allowed.includes("copy") || allowed.includes("amend");
  const { data: offer } = useRead(
    "documents",
    "copy_offer",
    { id: detail?.row.id ?? "" },
    { enabled: detail !== undefined && may && making !== null },
  );
  if (making === null || detail === undefined || !may || offer === undefined) return NOTHING;
  return {
    copy: offer.copies.length > 0 ? () => making.copy(detail) : undefined,
    amendments: offer.amendments.map((relation) => ({
      relation,
      run: () => making.amend(detail, relation),
    })),
  };
}

/** The keys of what can be made. */
export function useMakingKeys({ copy, amendments }: Makings, enabled: boolean): void {
  const run = (relation: DocumentRelation) =>
    amendments.find((one) => one.relation === relation)?.run;
  const [correct, replace] = [run("correction"), run("replacement")];
  useShortcut("act.copy", () => copy?.(), enabled && copy !== undefined);
  useShortcut("act.correct", () => correct?.(), enabled && correct !== undefined);
  useShortcut("act.replace", () => replace?.(), enabled && replace !== undefined);
}
