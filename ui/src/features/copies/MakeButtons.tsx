import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { DocumentDetail, HandlingDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { useMaking } from "./making";

interface MakeButtonsProps {
  detail: DocumentDetail;
  handling: HandlingDto;
}

/** What can be made of a document: a copy, a correction, what replaces it. */
export function MakeButtons({ detail, handling }: MakeButtonsProps) {
  const { t } = useTranslation();
  const making = useMaking();
  const may = handling.allowed.includes("copy") || handling.allowed.includes("amend");
  const { data: offer } = useRead(
    "documents",
    "copy_offer",
    { id: detail.row.id },
    { enabled: may && making !== null },
  );
  if (making === null || !may || offer === undefined) return null;
  return (
    <>
      {offer.copies.length > 0 && (
        <Button icon="copy" onClick={() => making.copy(detail)} data-testid="copy-open">
          {t("copies.make")}
        </Button>
      )}
      {offer.amendments.map((relation) => (
        <Button
          key={relation}
          icon="plus"
          onClick={() => making.amend(detail, relation)}
          data-testid={`amend-${relation}`}
        >
          {t(relation === "correction" ? "copies.correct" : "copies.replace")}
        </Button>
      ))}
    </>
  );
}
