import type { RecipientDto } from "../../generated/types";

/** What is filled in to issue a document. */
export interface IssueDraft {
  to: RecipientDto[];
  /** One line of “Nơi nhận” each. */
  places: string;
}

export const EMPTY_ISSUE: IssueDraft = { to: [], places: "" };

/** The recipients with others behind them, each agency once, and the first that was there already. */
export function added(to: readonly RecipientDto[], others: readonly RecipientDto[]) {
  const all = [...to];
  let twice: RecipientDto | undefined;
  for (const one of others) {
    if (all.some((known) => known.code === one.code)) twice ??= one;
    else all.push(one);
  }
  return { to: all, twice };
}

/** The lines that say something; the dash before them on paper and the sign that ends them are not
 * theirs. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^[-–+•]\s*/, "")
        .replace(/\s*[;.]$/, ""),
    )
    .filter((line) => line !== "");
}
