import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type {
  Changed,
  CourierCarried,
  CourierReceived,
  CourierWritten,
  DossierPacked,
  DraftFileDto,
} from "../../generated/types";
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
  onOpenList(callback) {
    const stop = listen<{ view: string }>("open-list", (event) => callback(event.payload.view));
    return () => void stop.then((unlisten) => unlisten());
  },
  pageUrl: (sha256, page, widthPx) => `${PAGE_BASE}/${sha256}/${page}?w=${widthPx}`,
  imageUrl: (sha256) => `${PAGE_BASE}/signature-image/${sha256}`,
  copyUrl: (op) => `${PAGE_BASE}/copy/${op}`,
  exportUrl: (id) => `${PAGE_BASE}/export/${id}`,
  // On macOS the shell puts a function of its own in this place, which answers with a promise.
  print: async () => await (window.print as () => void | Promise<void>)(),
  chooseScans: () => choose<void>("choose_scans"),
  async chooseDraftFile(chosen) {
    const stop = await listen<boolean>("draft-chosen", ({ payload }) => chosen(payload));
    return await choose<DraftFileDto | null>("choose_draft_file").finally(stop);
  },
  chooseScanFolder: () => choose<void>("choose_scan_folder"),
  courierWrite: () => choose<CourierWritten | null>("courier_write"),
  courierCarry: () => choose<CourierCarried | null>("courier_carry"),
  courierReceive: () => choose<CourierReceived | null>("courier_receive"),
  dossierPackage: (id) => choose<DossierPacked | null>("dossier_package", { id }),
  importChooseTable: () => choose<boolean>("import_choose_table"),
  importChooseFolder: () => choose<boolean>("import_choose_folder"),
  // The shell takes the files in by itself, as the face knows no paths.
  followDrops({ over, dropped }) {
    const stops = [
      listen("tauri://drag-enter", () => over(true)),
      listen("tauri://drag-leave", () => over(false)),
      listen("tauri://drag-drop", () => {
        over(false);
        dropped(Promise.resolve());
      }),
    ];
    return () => {
      for (const stop of stops) void stop.then((unlisten) => unlisten());
    };
  },
};

/** Opens a chooser of the system; what is chosen goes to the core by the shell. */
async function choose<T>(command: string, args?: Record<string, string>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw CommandError.from(thrown);
  }
}
