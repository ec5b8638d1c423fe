import type { Host } from "./host";
import { tauriHost } from "./tauri/host";
import { webHost } from "./web/host";

export { CommandError } from "./commandError";
export type { Args, CommandName, Host, Result } from "./host";

let current: Host | undefined;

/** The host this page runs in, chosen once at run time. */
export function host(): Host {
  current ??= "__TAURI_INTERNALS__" in window ? tauriHost : webHost;
  return current;
}

/** Puts another host in its place: for component tests. */
export function setHost(other: Host): void {
  current = other;
}
