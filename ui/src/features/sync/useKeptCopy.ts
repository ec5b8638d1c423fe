import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OutboxEntry } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { saveFile } from "../../shared/saveText";
import { useNotice } from "../../shared/Toasts";

/** Saves a signed file that the server refused outside the desk. */
export function useKeptCopy(entry: OutboxEntry) {
  const { t } = useTranslation();
  const notice = useNotice();
  return useMutation({
    mutationFn: async () => {
      const answer = await fetch(host().copyUrl(entry.id));
      if (!answer.ok) throw new CommandError("FILE_NOT_HERE");
      return answer.blob();
    },
    onSuccess: (pdf) => {
      // What no system takes in the name of a file.
      const title = entry.document_title.replace(/[^\p{L}\p{N}.-]+/gu, "-").slice(0, 80);
      const name = t("sync.copyName", { name: title });
      saveFile(name, pdf);
      notice(t("sync.copySaved"), t("sync.copySavedText", { name }));
    },
  });
}
