import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Changed } from "../../generated/types";
import { CommandError } from "../commandError";
import type { Host } from "../host";

/** WebView2 serves custom schemes as `http://SCHEME.localhost`, the other webviews as `SCHEME://`. */
const PAGE_BASE = navigator.userAgent.includes("Windows")
  ? "http://page.localhost"
  : "page://localhost";

export const tauriHost: Host = {
  async call(name, args) {
    try {
      return await invoke(name, { args });
    } catch (thrown) {
      throw CommandError.from(thrown);
    }
  },
  onChanged(callback) {
    const stop = listen<Changed>("changed", (event) => callback(event.payload));
    return () => void stop.then((unlisten) => unlisten());
  },
  onOpenDocument(callback) {
    const stop = listen<{ document: string }>("open-document", (event) =>
      callback(event.payload.document),
    );
    return () => void stop.then((unlisten) => unlisten());
  },
  pageUrl: (sha256, page, widthPx) => `${PAGE_BASE}/${sha256}/${page}?w=${widthPx}`,
  imageUrl: (sha256) => `${PAGE_BASE}/signature-image/${sha256}`,
  copyUrl: (op) => `${PAGE_BASE}/copy/${op}`,
};
