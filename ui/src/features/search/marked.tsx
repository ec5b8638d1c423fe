import { pieces } from "./words";

/** A text with the words lit that were looked for; `words` are folded beginnings of words. */
export function marked(text: string, words: readonly string[]) {
  let at = 0;
  return pieces(text, words).map((piece) => {
    const key = at;
    at += piece.text.length;
    return piece.hit ? <mark key={key}>{piece.text}</mark> : piece.text;
  });
}
