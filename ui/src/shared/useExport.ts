import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { FileExport } from "../generated/types";
import { CommandError, host } from "../platform";
import { saveFile } from "./saveText";
import { useNotice } from "./Toasts";

/** Saves a file that the core has made outside the desk. */
export function useExport<A>(make: (args: A) => Promise<FileExport>) {
  const { t } = useTranslation();
  const notice = useNotice();
  return useMutation({
    mutationFn: async (args: A) => {
      const made = await make(args);
      const answer = await fetch(host().exportUrl(made.id));
      if (!answer.ok) throw new CommandError("FILE_NOT_HERE");
      return { name: made.name, bytes: await answer.blob() };
    },
    onSuccess: ({ name, bytes }) => {
      saveFile(name, bytes);
      notice(t("app.saved"), t("app.savedText", { name }));
    },
  });
}
