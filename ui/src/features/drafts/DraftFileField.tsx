import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DraftFileDto } from "../../generated/types";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatSize } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import box from "../../shared/SuggestField.module.css";
import { FormatLine } from "../format/FormatLine";
import css from "./Drafts.module.css";

interface DraftFileFieldProps {
  file: DraftFileDto | null;
  choose: string;
  without: string;
  problem: string | undefined;
  onChosen: (file: DraftFileDto) => void;
}

/** Chooses the PDF of a draft, or a word processor's file that becomes one: once it is chosen, its bytes
 * are on this machine. */
export function DraftFileField(props: DraftFileFieldProps) {
  const { file, choose, without, problem, onChosen } = props;
  const { t, i18n } = useTranslation();
  const id = useId();
  const [converting, setConverting] = useState(false);
  const keep = useMutation({
    mutationFn: () => {
      setConverting(false);
      return host().chooseDraftFile(setConverting);
    },
    onSuccess: (kept) => {
      if (kept !== null) onChosen(kept);
    },
  });
  const code = keep.error === null ? null : CommandError.from(keep.error).code;
  // What the intake takes besides, a draft is not.
  const noPdf = code === "INTAKE_FORMAT";
  const failed = code !== null && !noPdf && code !== "OFFICE_CANCELLED";
  const wrong = noPdf ? `${t("draft.noPdf")} (INTAKE_FORMAT)` : problem;
  return (
    <div className={css.wide}>
      <div
        className={cx(css.file, wrong !== undefined && css.wrong)}
        data-testid="draft-file"
        data-chosen={file !== null}
      >
        <Icon name="document" size={20} />
        <div className={css.fileText}>
          <p className={css.fileName}>{file === null ? without : file.name}</p>
          {keep.isPending && converting && (
            <p className={css.quiet} role="status" data-testid="draft-converting">
              {t("draft.converting")}
            </p>
          )}
          {file !== null && !keep.isPending && (
            <p className={css.quiet}>
              {[
                file.pages === null ? "" : t("info.pages", { count: file.pages }),
                formatSize(file.size, i18n.language),
                t("opinions.saved"),
              ]
                .filter((fact) => fact !== "")
                .join(" · ")}
            </p>
          )}
        </div>
        {keep.isPending && converting && (
          <Button
            onClick={() => void host().call("draft_file_cancel", {})}
            data-testid="draft-choose-cancel"
          >
            {t("app.cancel")}
          </Button>
        )}
        <Button
          onClick={() => !keep.isPending && keep.mutate()}
          aria-busy={keep.isPending}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-note`}
          data-testid="draft-choose"
        >
          {keep.isPending ? t("draft.keeping") : file === null ? choose : t("draft.chooseOther")}
        </Button>
      </div>
      {file !== null && <FormatLine sha256={file.sha256} />}
      {wrong !== undefined && (
        <p id={`${id}-note`} className={box.problem} data-testid="field-problem">
          {wrong}
        </p>
      )}
      {failed && <ErrorMessage error={keep.error} />}
    </div>
  );
}
