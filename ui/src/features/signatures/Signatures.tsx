import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { FileDto } from "../../generated/types";
import { Button } from "../../shared/Button";
import { Empty } from "../../shared/Empty";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { SignatureCard } from "./SignatureCard";
import css from "./Signatures.module.css";

/** The signatures of the file that is shown: one sentence each, then the details. */
export function Signatures({ file }: { file: FileDto | undefined }) {
  const { t } = useTranslation();
  const here = file?.place === "here";
  const { data, error, refetch } = useRead(
    "file",
    "signatures",
    { sha256: file?.head ?? "" },
    { enabled: here },
  );
  if (file === undefined || !here) return <p className={css.note}>{t("signatures.notHere")}</p>;
  if (error !== null) {
    return (
      <ErrorMessage error={error}>
        <Button onClick={() => void refetch()}>{t("app.retry")}</Button>
      </ErrorMessage>
    );
  }
  if (data === undefined) return <p className={css.note}>{t("signatures.checking")}</p>;
  if (data.signatures.length === 0) {
    return (
      <Empty icon="seal" title={t("signatures.none.title")} text={t("signatures.none.text")} />
    );
  }
  const head = file.revisions.at(-1);
  return (
    <ol className={css.list}>
      {data.signatures.map((signature, i) => (
        <SignatureCard
          key={signature.field}
          signature={signature}
          atServer={i === data.signatures.length - 1 ? head?.at_server : undefined}
        />
      ))}
    </ol>
  );
}
