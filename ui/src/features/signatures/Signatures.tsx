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
  if (file?.place !== "here") return <p className={css.note}>{t("signatures.notHere")}</p>;
  return <SignatureList sha256={file.head ?? ""} atServer={file.revisions.at(-1)?.at_server} />;
}

interface SignatureListProps {
  /** A file state that is here. */
  sha256: string;
  /** Whether the server has the newest signature; nothing is said of it without. */
  atServer?: boolean | undefined;
}

/** The signatures of a file state that is here. */
export function SignatureList({ sha256, atServer }: SignatureListProps) {
  const { t } = useTranslation();
  const { data, error, refetch, isFetching } = useRead("file", "signatures", { sha256 });
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
  const isDoubted = data.signatures.some((signature) => signature.status === "could_not_check");
  return (
    <>
      <ol className={css.list}>
        {data.signatures.map((signature, i) => (
          <SignatureCard
            key={signature.field}
            signature={signature}
            atServer={i === data.signatures.length - 1 ? atServer : undefined}
          />
        ))}
      </ol>
      {isDoubted && (
        <Button
          className={css.again}
          disabled={isFetching}
          onClick={() => void refetch()}
          data-testid="signatures-again"
        >
          {t(isFetching ? "signatures.checking" : "signatures.again")}
        </Button>
      )}
    </>
  );
}
