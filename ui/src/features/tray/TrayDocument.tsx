import { useTranslation } from "react-i18next";
import type { FileDto, Network, TrayRow } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import { useNow } from "../../shared/useNow";
import { FileState } from "../document/FileState";
import head from "../document/Header.module.css";
import { isUrgency } from "../document/words";
import { dueInWords } from "../list/due";
import { Viewer } from "../viewer/Viewer";
import css from "./TrayDocument.module.css";
import type { ReadingState } from "./useReadingState";
import type { TrayPlacement } from "./useTrayPlacement";

interface TrayDocumentProps {
  row: TrayRow;
  /** The file as the desk knows it: after signing its head is the signed state. */
  file: FileDto | undefined;
  network: Network;
  reading: ReadingState;
  placement: TrayPlacement;
  /** Why the last try to mark it did not. */
  told: string | null;
  /** Offered where the province allows marking unread. */
  onMarkUnread: (() => void) | null;
  onSignOne: () => void;
  onOpen: () => void;
}

/** The document that is looked at: the page fills the screen, the rest is two lines. */
export function TrayDocument(props: TrayDocumentProps) {
  const { row, file, network, reading, placement, told, onMarkUnread } = props;
  const { t } = useTranslation();
  const now = useNow(60_000);
  const due = dueInWords(row, now, t);
  const express = row.urgency === "express" || row.urgency === "express_timed";
  const sha256 = file?.head ?? row.sha256;
  const signed = sha256 !== row.sha256;
  return (
    <article className={css.document} aria-label={t("document.label", { title: row.subject })}>
      <header className={cx(head.header, css.head)}>
        <div className={head.what}>
          <p className={head.line}>
            {isUrgency(row.urgency) && row.urgency !== "normal" && (
              <Badge tone="danger" solid={express}>
                {t(`urgency.${row.urgency}`)}
              </Badge>
            )}
            <span className={head.notation}>{row.notation ?? row.kind}</span>
            <span className={head.issuer}>{row.issuer}</span>
            {due !== null && <Badge tone={due.tone}>{due.words}</Badge>}
          </p>
          <h2 className={cx(head.subject, css.subject)}>{row.subject}</h2>
        </div>
        <div className={head.acts}>
          <Button onClick={props.onOpen} icon="document" data-testid="tray-open">
            {t("tray.open")}
          </Button>
          <Button
            icon="sign"
            onClick={props.onSignOne}
            disabled={row.state !== "ready"}
            data-testid="sign-open"
          >
            {t("tray.signOne")}
          </Button>
        </div>
      </header>
      <div className={css.reading} role="status" data-testid="tray-reading">
        <span className={cx(css.progress, reading.mayMark && css.done)}>
          <Icon name={reading.mayMark ? "check" : "eye"} />
          {row.state !== "ready" || reading.pages === null
            ? t("tray.notOpen")
            : t("tray.readSome", { read: reading.read, count: reading.pages })}
        </span>
        {told !== null && <span className={css.told}>{told}</span>}
        {told !== null && onMarkUnread !== null && (
          <button type="button" className={css.link} onClick={onMarkUnread}>
            {t("tray.markUnread")} ({keyLabel("tray.unread")})
          </button>
        )}
        {told === null && placement.source !== null && (
          <span className={css.place}>
            <Icon name="pin" />
            <span className={css.placeWords}>
              {t(`tray.place.${placement.source}`, { kind: row.kind })}
            </span>
            {placement.source === "REMEMBERED" && (
              <button type="button" className={css.link} onClick={placement.forget}>
                {t("tray.placeForget")}
              </button>
            )}
            <button type="button" className={css.link} onClick={placement.show}>
              {t("sign.placementShow")}
            </button>
          </span>
        )}
      </div>
      <div className={css.page}>
        {row.state === "ready" ? (
          <Viewer
            key={row.file}
            sha256={sha256}
            placement={signed ? undefined : placement}
            reading={reading}
            document={row.document}
          />
        ) : (
          <FileState file={file} network={network} />
        )}
      </div>
    </article>
  );
}
