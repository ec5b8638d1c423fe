import { useTranslation } from "react-i18next";
import type { DocumentDetail, HandlingDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { useMakings } from "./useMakings";

interface MakeButtonsProps {
  detail: DocumentDetail;
  handling: HandlingDto;
}

/** What can be made of a document: a copy, a correction, what replaces it. */
export function MakeButtons({ detail, handling }: MakeButtonsProps) {
  const { t } = useTranslation();
  const { copy, amendments } = useMakings(detail, handling);
  return (
    <>
      {copy !== undefined && (
        <Button icon="copy" onClick={copy} data-testid="copy-open">
          {t("copies.make")}
        </Button>
      )}
      {amendments.map(({ relation, run }) => (
        <Button key={relation} icon="plus" onClick={run} data-testid={`amend-${relation}`}>
          {t(relation === "correction" ? "copies.correct" : "copies.replace")}
        </Button>
      ))}
    </>
  );
}
