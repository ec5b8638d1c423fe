/** The pages that were typed, e.g. `1, 3-5`, in their order and each once; none where it cannot be read
 * or a page is not there. */
export function readPages(text: string, count: number): number[] | null {
  const chosen = new Set<number>();
  for (const part of text.split(/[,;]/)) {
    const trimmed = part.trim();
    if (trimmed === "") continue;
    const found = /^(\d{1,4})(?:\s*[-–]\s*(\d{1,4}))?$/.exec(trimmed);
    if (found === null) return null;
    const from = Number(found[1]);
    const to = found[2] === undefined ? from : Number(found[2]);
    if (from < 1 || to < from || to > count) return null;
    for (let page = from; page <= to; page += 1) chosen.add(page);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** The shortest way to write them: `1, 3-5`. */
export function writePages(pages: readonly number[]): string {
  const parts: string[] = [];
  let at = 0;
  while (at < pages.length) {
    const from = pages[at] ?? 0;
    let to = from;
    while (pages[at + 1] === to + 1) {
      at += 1;
      to += 1;
    }
    parts.push(from === to ? `${from}` : `${from}-${to}`);
    at += 1;
  }
  return parts.join(", ");
}
