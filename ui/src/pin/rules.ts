/** What stands in the fields of the PIN window. */
export interface Typed {
  pin: string;
  fresh: string;
  again: string;
  consent: boolean;
}

/** What the window was opened for. */
export interface Wanted {
  mode: "sign" | "change" | "pad";
  finalTry: boolean;
  /** Length in bytes that the token takes; 0 when it does not say. */
  min: number;
  max: number;
}

/** Why a new PIN cannot be taken yet, as a key of the catalogue; none while nothing is wrong. */
export function newPinProblem(
  typed: Typed,
  wanted: Wanted,
): "tooShort" | "tooLong" | "sameAsOld" | "notAlike" | null {
  const length = new TextEncoder().encode(typed.fresh).length;
  if (typed.fresh === "") return null;
  if (wanted.min > 0 && length < wanted.min) return "tooShort";
  if (wanted.max > 0 && length > wanted.max) return "tooLong";
  if (typed.fresh === typed.pin) return "sameAsOld";
  if (typed.again !== "" && typed.again !== typed.fresh) return "notAlike";
  return null;
}

/** Whether everything is there. The last try is never spent without the box being ticked. */
export function isReady(typed: Typed, wanted: Wanted): boolean {
  if (wanted.finalTry && !typed.consent) return false;
  switch (wanted.mode) {
    case "pad":
      return wanted.finalTry;
    case "sign":
      return typed.pin !== "";
    case "change":
      return (
        typed.pin !== "" &&
        typed.fresh !== "" &&
        typed.again === typed.fresh &&
        newPinProblem(typed, wanted) === null
      );
  }
}
