import { invoke } from "@tauri-apps/api/core";
import type { PinAnswer } from "../../generated/types";

/** The one command that the PIN window may call. */
export async function answerPin(args: PinAnswer): Promise<void> {
  await invoke("pin_answer", { args });
}
