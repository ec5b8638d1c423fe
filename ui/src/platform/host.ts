import type { Commands } from "../generated/commands";
import type { Changed } from "../generated/types";

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]["args"];
export type Result<N extends CommandName> = Commands[N]["result"];

/** What the face asks of whatever it runs in: the desktop shell or the web host. */
export interface Host {
  /** Runs a command. Rejects with a `CommandError`. */
  call<N extends CommandName>(name: N, args: Args<N>): Promise<Result<N>>;
  /** Calls back when something may have changed. Returns how to stop. */
  onChanged(callback: (changed: Changed) => void): () => void;
  /** Calls back when a notification of the system was clicked. Returns how to stop. */
  onOpenDocument(callback: (id: string) => void): () => void;
  /** Address of the picture of a page (from 0) of a file state, `widthPx` device pixels wide. */
  pageUrl(sha256: string, page: number, widthPx: number): string;
  /** Address of a kept picture for signatures. */
  imageUrl(sha256: string): string;
  /** Address of a signed file that the server refused. */
  copyUrl(op: string): string;
}
