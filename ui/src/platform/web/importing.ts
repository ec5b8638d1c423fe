import { chooseFiles, hand } from "./files";

const TABLES = { accept: ".csv,.txt,.tsv,.xlsx", multiple: false };

/** Hands the chosen table to the core; false without a choice. */
export async function chooseTable(): Promise<boolean> {
  const [table] = await chooseFiles(TABLES);
  if (table === undefined) return false;
  await hand("/import/table", table);
  return true;
}

/** Hands the files of the chosen folder to the core; false without a choice. */
export async function chooseFolder(): Promise<boolean> {
  const files = await chooseFiles({ accept: "", multiple: true, folder: true });
  if (files.length === 0) return false;
  await fetch("/import/folder", { method: "POST" });
  for (const file of files) {
    // The folder's own name stands first.
    const below = file.webkitRelativePath.split("/").slice(1).join("/");
    await hand("/import/file", file, below === "" ? file.name : below);
  }
  await hand("/import/chosen", null);
  return true;
}
