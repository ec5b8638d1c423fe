import type { TFunction } from "i18next";
import type { RegisterColumn, RegisterKind } from "../../generated/types";

/** What a column is called: “Ký nhận” of what goes out is said by the agencies that it was sent to. */
export function columnName(t: TFunction, register: RegisterKind, column: RegisterColumn): string {
  if (register === "tracking" && column === "receivers") return t("book.column.handlers");
  return t(`book.column.${column}`);
}
