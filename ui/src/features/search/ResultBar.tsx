import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { SearchColumn, SearchFormat, SearchOrder } from "../../generated/types";
import { Button } from "../../shared/Button";
import { Segmented } from "../../shared/Segmented";
import { ColumnMenu } from "./ColumnMenu";
import css from "./ResultBar.module.css";
import { useCount } from "./useCount";

interface ResultBarProps {
  total: number;
  /** There are more than were counted. */
  isMore: boolean;
  order: SearchOrder;
  columns: readonly SearchColumn[];
  /** A document is open beside the results. */
  isOpen: boolean;
  /** A file is being made. */
  isSaving: boolean;
  onOrder: (order: SearchOrder) => void;
  onColumns: (columns: readonly SearchColumn[]) => void;
  onSave: (format: SearchFormat) => void;
  onBack: () => void;
}

/** How many were found, and what is done with all of them. */
export const ResultBar = memo(function ResultBar(props: ResultBarProps) {
  const { total, isMore, order, columns, isOpen, isSaving } = props;
  const { t } = useTranslation();
  const shown = useCount();
  return (
    <div className={css.bar}>
      <span className={css.count} role="status" data-testid="found-count">
        {t(isMore ? "search.countMore" : "search.count", { count: total, number: shown(total) })}
      </span>
      {isOpen ? (
        <Button icon="chevronLeft" onClick={props.onBack} data-testid="search-back">
          {t("search.back")}
        </Button>
      ) : (
        <div className={css.acts}>
          <Segmented<SearchOrder>
            label={t("search.orderLabel")}
            value={order}
            options={(["newest", "oldest", "best"] as const).map((value) => ({
              value,
              label: t(`search.order.${value}`),
            }))}
            onChange={props.onOrder}
          />
          <ColumnMenu columns={columns} onColumns={props.onColumns} />
          {(["PDF", "XLSX"] as const).map((format) => (
            <Button
              key={format}
              icon={format === "PDF" ? "print" : "sheet"}
              disabled={isSaving || total === 0}
              onClick={() => props.onSave(format)}
              data-testid={`search-${format.toLowerCase()}`}
            >
              {t(format === "PDF" ? "book.pdf" : "book.xlsx")}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
});
