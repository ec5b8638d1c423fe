import { pieces } from "./words";

interface MarkedProps {
  text: string;
  /** Folded beginnings of words. */
  words: readonly string[];
}

/** A text with the words lit that were looked for. */
export function Marked({ text, words }: MarkedProps) {
  let at = 0;
  return (
    <>
      {pieces(text, words).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.hit ? <mark key={key}>{piece.text}</mark> : piece.text;
      })}
    </>
  );
}
