import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { FileDto, Network } from "../../generated/types";
import { Empty } from "../../shared/Empty";
import { formatSize } from "../../shared/format";

interface FileStateProps {
  file: FileDto | undefined;
  network: Network;
}

/** Why there is no page to show, in the place of the page. */
export function FileState({ file, network }: FileStateProps) {
  const { t } = useTranslation();
  if (file === undefined) {
    return (
      <Empty
        icon="document"
        title={t("document.noFiles.title")}
        text={t("document.noFiles.text")}
      />
    );
  }
  switch (file.place) {
    case "waiting":
      return <Waiting file={file} network={network} />;
    case "quarantined":
      return (
        <Empty
          icon="warning"
          title={t("document.quarantined.title")}
          text={t("document.quarantined.text")}
        />
      );
    case "here":
      return (
        <Empty
          icon="attachment"
          title={t("document.notPdf.title")}
          text={t("document.notPdf.text", { name: file.name })}
        />
      );
  }
}

function Waiting({ file, network }: { file: FileDto; network: Network }) {
  const { t, i18n } = useTranslation();
  // Asking for the file is what moves it to the front of the downloads; it fails until it is here.
  useRead("documents", "file_open", { sha256: file.head });
  const online = network === "online" || network === "connecting" || network === "busy";
  return (
    <Empty
      icon="download"
      title={t("document.waiting.title")}
      text={
        online
          ? t("document.waiting.text", { size: formatSize(file.size, i18n.language) })
          : t("document.waiting.offline")
      }
    />
  );
}
