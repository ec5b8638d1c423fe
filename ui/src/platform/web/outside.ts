import type {
  CourierCarried,
  CourierReceived,
  CourierWritten,
  DossierPacked,
} from "../../generated/types";
import { saveFile } from "../../shared/saveText";
import { CommandError } from "../commandError";
import { chooseFiles } from "./files";

const BUNDLE = { accept: ".cvct", multiple: false };

/** The core writes a bundle; the browser saves it. */
export async function writeBundle(): Promise<CourierWritten> {
  const { said, bytes } = await withFile<CourierWritten>("/courier/write", null);
  saveFile(said.name, bytes);
  return said;
}

/** The core writes the package of a dossier; the browser saves it. */
export async function packDossier(id: string): Promise<DossierPacked> {
  const { said, bytes } = await withFile<DossierPacked>(`/dossier-package/${id}`, null);
  saveFile(said.name, bytes);
  return said;
}

/** The core carries the chosen bundle; the browser saves the answer. */
export async function carryBundle(): Promise<CourierCarried | null> {
  const [file] = await chooseFiles(BUNDLE);
  if (file === undefined) return null;
  const { said, bytes } = await withFile<CourierCarried>("/courier/carry", file);
  saveFile(said.answer, bytes);
  return said;
}

/** The core takes in the chosen answer. */
export async function receiveBundle(): Promise<CourierReceived | null> {
  const [file] = await chooseFiles(BUNDLE);
  if (file === undefined) return null;
  return (await (await send("/courier/receive", file)).json()) as CourierReceived;
}

async function withFile<T>(where: string, file: File | null): Promise<{ said: T; bytes: Blob }> {
  const answer = await send(where, file);
  const said = JSON.parse(answer.headers.get("x-said") ?? "") as T;
  return { said, bytes: await answer.blob() };
}

async function send(where: string, file: File | null): Promise<Response> {
  const name = file === null ? "" : `?name=${encodeURIComponent(file.name)}`;
  const answer = await fetch(`${where}${name}`, { method: "POST", body: file });
  if (!answer.ok) throw CommandError.from(await answer.json());
  return answer;
}
