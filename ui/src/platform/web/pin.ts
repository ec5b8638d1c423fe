import type { PinAnswer } from "../../generated/types";
import { post } from "./post";

/** The one command that the PIN window may call. */
export async function answerPin(args: PinAnswer): Promise<void> {
  await post("pin_answer", args);
}
