import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail } from "../../generated/types";
import { formatDate, formatDateTime, formatDay, formatSize } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { DocumentTasks } from "../tasks/DocumentTasks";
import css from "./Info.module.css";
import { fileRoleWord, isUrgency, roleWord, rowState } from "./words";

/** The document's fields in the order in which an office reads them, and its files. */
export function Info({ detail }: { detail: DocumentDetail }) {
  const { t, i18n } = useTranslation();
  const { row } = detail;
  const incoming = detail.direction === "incoming";
  const due =
    row.due_at === null
      ? null
      : row.due_is_day
        ? formatDate(row.due_at)
        : formatDateTime(row.due_at);
  const groups: Array<Array<[string, ReactNode]>> = [
    [
      [t("info.notation"), row.notation],
      [t("info.kind"), row.kind],
      [t("info.issuedOn"), row.issued_on === null ? null : formatDay(row.issued_on)],
      [t("info.subject"), row.subject],
    ],
    [
      [t("info.issuer"), row.issuer],
      [t("info.issuerBecame"), detail.issuer_became.join("; ")],
      [t("info.issuerCode"), detail.issuer_code],
      [t("info.signer"), detail.signer_name],
      [t("info.position"), detail.signer_position],
    ],
    [
      ...(incoming
        ? ([[t("info.arrivalNumber"), row.arrival_number]] as Array<[string, ReactNode]>)
        : []),
      [t(incoming ? "info.arrivedAt" : "info.createdAt"), formatDateTime(row.arrived_at)],
      [t("info.due"), due],
      [t("info.urgency"), isUrgency(row.urgency) ? t(`urgency.${row.urgency}`) : row.urgency],
      [t("info.state"), rowState(row, t)],
      [t("info.role"), roleWord(row.role, t)],
    ],
  ];
  return (
    <div className={css.info}>
      {groups.map((fields) => (
        <dl key={fields[0]?.[0]} className={css.fields}>
          {fields
            .filter(([, value]) => value !== null && value !== "")
            .map(([label, value]) => (
              <div key={label} className={css.field}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      ))}
      <h2 className={css.title}>{t("info.files")}</h2>
      <ul className={css.files}>
        {detail.files.map((file) => (
          <li key={file.id}>
            <Icon name={file.role === "main" ? "document" : "attachment"} />
            <div className={css.file}>
              <p className={css.name}>{file.name}</p>
              <p className={css.facts}>
                {[
                  fileRoleWord(file.role, t),
                  formatSize(file.size, i18n.language),
                  file.pages === null ? null : t("info.pages", { count: file.pages }),
                ]
                  .filter((fact) => fact !== null)
                  .join(" · ")}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <DocumentTasks document={row.id} />
    </div>
  );
}
