import { Tabs } from "@base-ui/react/tabs";
import { useTranslation } from "react-i18next";
import type { FileDto } from "../../generated/types";
import { Icon } from "../../shared/icons/Icon";
import css from "./FileTabs.module.css";
import { fileRoleWord } from "./words";

interface FileTabsProps {
  files: readonly FileDto[];
  current: string;
  onChoose: (id: string) => void;
}

/** The files of a document that has several, the main one first. */
export function FileTabs({ files, current, onChoose }: FileTabsProps) {
  const { t } = useTranslation();
  return (
    <Tabs.Root value={current} onValueChange={(id) => onChoose(id as string)}>
      <Tabs.List className={css.tabs} aria-label={t("document.files")} data-testid="file-tabs">
        {files.map((file) => (
          <Tabs.Tab key={file.id} value={file.id} className={css.tab} title={file.name}>
            <Icon name={file.role === "main" ? "document" : "attachment"} />
            <span className={css.role}>{fileRoleWord(file.role, t)}</span>
            <span className={css.name}>{file.name}</span>
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs.Root>
  );
}
