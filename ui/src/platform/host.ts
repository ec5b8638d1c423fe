import type { Commands } from "../generated/commands";
import type {
  Changed,
  CourierCarried,
  CourierReceived,
  CourierWritten,
  DossierPacked,
  DraftFileDto,
} from "../generated/types";

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
  /** Calls back when a list was chosen in the system's tray. Returns how to stop. */
  onOpenList(callback: (view: string) => void): () => void;
  /** Address of the picture of a page (from 0) of a file state, `widthPx` device pixels wide. */
  pageUrl(sha256: string, page: number, widthPx: number): string;
  /** Address of a kept picture for signatures. */
  imageUrl(sha256: string): string;
  /** Address of a signed file that the server refused. */
  copyUrl(op: string): string;
  /** Address of a file that waits to be saved: gives its bytes once. */
  exportUrl(id: string): string;
  /** Opens the system's print dialog for what the page has for paper. */
  print(): Promise<void>;
  /** Lets the person choose scans and takes them in. */
  chooseScans(): Promise<void>;
  /** Lets the person choose the PDF of a draft, or a word processor's file that becomes one, and keeps
   * it; none when nothing was chosen. Says first what was chosen: whether it becomes a PDF. */
  chooseDraftFile(chosen: (converts: boolean) => void): Promise<DraftFileDto | null>;
  /** Lets the person choose the folder that is watched for scans. */
  chooseScanFolder(): Promise<void>;
  /** Lets the person choose where the courier bundle goes and writes it; none without a choice. */
  courierWrite(): Promise<CourierWritten | null>;
  /** Lets the person choose another's bundle and carries it to the server; none without a choice. */
  courierCarry(): Promise<CourierCarried | null>;
  /** Lets the person choose an answer and takes it in; none without a choice. */
  courierReceive(): Promise<CourierReceived | null>;
  /** Lets the person choose where a dossier with its files goes and writes it; none without a choice. */
  dossierPackage(id: string): Promise<DossierPacked | null>;
  /** Lets the person choose a previous system's table; false without a choice. */
  importChooseTable(): Promise<boolean>;
  /** Lets the person choose the folder with its files; false without a choice. */
  importChooseFolder(): Promise<boolean>;
  /** Takes in what is dropped on the window. Returns how to stop. */
  followDrops(drops: Drops): () => void;
}

/** What the face wants to know of files that are dragged over the window. */
export interface Drops {
  /** They are over the window, or no longer. */
  over: (over: boolean) => void;
  /** They were let go: the desk takes them in. */
  dropped: (taken: Promise<void>) => void;
}
