import { fold } from "../intake/kinds";

/** A piece of a text: words that were looked for, or what stands between them. */
interface Piece {
  text: string;
  hit: boolean;
}

/** The text cut at the words that begin like one that was looked for; `words` are folded. */
export function pieces(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0) return text === "" ? [] : [{ text, hit: false }];
  const all: Piece[] = [];
  // Words and what stands between them, in turns.
  for (const part of text.normalize("NFC").split(/([\p{L}\p{N}]+)/u)) {
    if (part === "") continue;
    const folded = fold(part).replace(/^0+(?=\d)/, "");
    const begun = folded === "" ? undefined : words.find((word) => folded.startsWith(word));
    const last = all.at(-1);
    if (begun !== undefined) all.push({ text: part, hit: true });
    else if (last !== undefined && !last.hit) last.text += part;
    else all.push({ text: part, hit: false });
  }
  return all;
}
