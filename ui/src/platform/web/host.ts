import type { Changed } from "../../generated/types";
import { CommandError } from "../commandError";
import type { CommandName, Drops, Host, Result } from "../host";
import { addScans, chooseFiles, DRAFT, isOfficeFile, keepDraftFile, SCANS } from "./files";
import { chooseFolder, chooseTable } from "./importing";
import { carryBundle, packDossier, receiveBundle, writeBundle } from "./outside";
import { post } from "./post";

/** The core behind HTTP: for the tests that drive the face in an ordinary browser. */
export const webHost: Host = {
  async call<N extends CommandName>(name: N, args: unknown): Promise<Result<N>> {
    try {
      return (await post(name, args)) as Result<N>;
    } catch (thrown) {
      throw CommandError.from(thrown);
    }
  },
  onChanged(callback) {
    const events = new EventSource("/events");
    let opened = false;
    events.addEventListener("changed", (event) => callback(JSON.parse(event.data) as Changed));
    events.addEventListener("pin", (event) => {
      const { url } = JSON.parse(event.data) as { url: string };
      window.open(url, "congvan-pin", "popup,width=440,height=400");
    });
    // What happened while the stream was down is not told again: re-read everything.
    events.addEventListener("open", () => {
      if (opened)
        callback({
          tags: ["documents", "sync", "session", "signing", "token", "settings", "intake"],
        });
      opened = true;
    });
    return () => events.close();
  },
  // A browser shows no notification of the system: nothing to click.
  onOpenDocument: () => () => undefined,
  // Nor has it a tray.
  onOpenList: () => () => undefined,
  pageUrl: (sha256, page, widthPx) => `/page/${sha256}/${page}?w=${widthPx}`,
  imageUrl: (sha256) => `/page/signature-image/${sha256}`,
  copyUrl: (op) => `/page/copy/${op}`,
  exportUrl: (id) => `/page/export/${id}`,
  print: async () => window.print(),
  chooseScans: async () => addScans(await chooseFiles(SCANS)),
  async chooseDraftFile(chosen) {
    const [file] = await chooseFiles(DRAFT);
    if (file !== undefined) chosen(isOfficeFile(file.name));
    return keepDraftFile(file);
  },
  async chooseScanFolder() {
    // A browser knows no paths: the tests set the folder by the command.
    throw new CommandError("FOLDER_UNREACHABLE", { folder: "" });
  },
  courierWrite: writeBundle,
  courierCarry: carryBundle,
  courierReceive: receiveBundle,
  dossierPackage: packDossier,
  importChooseTable: chooseTable,
  importChooseFolder: chooseFolder,
  followDrops,
};

function followDrops({ over, dropped }: Drops): () => void {
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
  const onOver = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(true);
  };
  const onLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) over(false);
  };
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(false);
    dropped(addScans([...(event.dataTransfer?.files ?? [])]));
  };
  window.addEventListener("dragover", onOver);
  window.addEventListener("dragleave", onLeave);
  window.addEventListener("drop", onDrop);
  return () => {
    window.removeEventListener("dragover", onOver);
    window.removeEventListener("dragleave", onLeave);
    window.removeEventListener("drop", onDrop);
  };
}
