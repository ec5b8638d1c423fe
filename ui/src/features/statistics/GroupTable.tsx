import { useTranslation } from "react-i18next";
import type {
  FiguresDto,
  StatisticsBy,
  StatisticsDto,
  StatisticsGroup,
} from "../../generated/types";
import { onCellKey } from "./cellKeys";
import { Figure } from "./Figure";
import { HandlingBar } from "./HandlingBar";
import { columnsOf, type Drilled, decided, isRanked } from "./measures";
import css from "./Statistics.module.css";
import { useGroupName } from "./useGroupName";
import { useShare } from "./useShare";

interface GroupTableProps {
  found: StatisticsDto;
  by: StatisticsBy;
  onOpen: (drilled: Drilled) => void;
}

/** A row for each group, with a bar that is as long as it has documents; the total last. */
export function GroupTable({ found, by, onOpen }: GroupTableProps) {
  const { t } = useTranslation();
  const share = useShare();
  const nameOf = useGroupName(by);
  const columns = columnsOf(by);
  const most = Math.max(0, ...found.groups.map(({ figures }) => figures.incoming));
  const cells = (figures: FiguresDto, group: StatisticsGroup | null, name: string, row: string) => (
    <>
      {columns.map((measure) => (
        <td key={measure} className={css.number}>
          <Figure
            count={figures[measure]}
            of={`${t(`statistics.measure.${measure}`)}, ${name}`}
            onOpen={() => onOpen({ measure, group })}
            testId={`statistics-${row}-${measure}`}
          />
        </td>
      ))}
      <td className={css.number}>{share(figures.done_in_time, decided(figures))}</td>
    </>
  );
  return (
    <div className={css.scroll}>
      <table className={css.table} onKeyDown={onCellKey} data-testid="statistics-groups">
        <caption className={css.caption}>{t(`statistics.caption.${by}`)}</caption>
        <thead>
          <tr>
            {isRanked(by) && (
              <th scope="col" className={css.number}>
                {t("statistics.place")}
              </th>
            )}
            <th scope="col">{t(`statistics.head.${by}`)}</th>
            {columns.map((measure) => (
              <th key={measure} scope="col" className={css.number}>
                {t(`statistics.column.${measure}`)}
              </th>
            ))}
            <th scope="col" className={css.number}>
              {t("statistics.inTime")}
            </th>
          </tr>
        </thead>
        <tbody>
          {found.groups.map((group, index) => {
            const name = nameOf(group);
            return (
              <tr key={group.key} data-testid="statistics-group" data-key={group.key}>
                {isRanked(by) && <td className={css.number}>{group.place ?? "–"}</td>}
                <th scope="row" className={css.name}>
                  {name}
                  <HandlingBar figures={group.figures} whole={most} />
                </th>
                {cells(group.figures, group, name, `group-${index}`)}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr className={css.total}>
            {isRanked(by) && <td />}
            <th scope="row">{t("statistics.total")}</th>
            {cells(found.total, null, t("statistics.total"), "total")}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
