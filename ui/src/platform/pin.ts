import type { PinAnswer } from "../generated/types";
import { answerPin as answerInTauri } from "./tauri/pin";
import { answerPin as answerOnWeb } from "./web/pin";

/** Hands the PIN, or the cancellation, to the core. */
export function answerPin(answer: PinAnswer): Promise<void> {
  return "__TAURI_INTERNALS__" in window ? answerInTauri(answer) : answerOnWeb(answer);
}
