import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { useSettings } from "../api/settings";
import { BatchPanel } from "../features/batch/BatchPanel";
import { useBatch } from "../features/batch/useBatch";
import { SearchField } from "../features/list/SearchField";
import { useStartupReport } from "../features/list/useStartupReport";
import { SignPanel } from "../features/signing/SignPanel";
import { TrayDocument } from "../features/tray/TrayDocument";
import { TrayEmpty } from "../features/tray/TrayEmpty";
import { TrayList } from "../features/tray/TrayList";
import { UnreadDialog } from "../features/tray/UnreadDialog";
import { useMarking } from "../features/tray/useMarking";
import { useReadingState } from "../features/tray/useReadingState";
import { useTray } from "../features/tray/useTray";
import { useTrayKeys } from "../features/tray/useTrayKeys";
import { useTrayPlacement } from "../features/tray/useTrayPlacement";
import type { Network, SignOutcome, TrayRow } from "../generated/types";
import { keyLabel } from "../keymap";
import { Button } from "../shared/Button";
import { cx } from "../shared/cx";
import { ErrorMessage } from "../shared/ErrorMessage";
import unseen from "../shared/hidden.module.css";
import { Segmented } from "../shared/Segmented";
import { NARROW, useMedia } from "../shared/useMedia";
import css from "./TrayView.module.css";

interface TrayViewProps {
  network: Network;
  onOpenDocument: (id: string, direction: string) => void;
}

/** The leader's tray: one document after the other fills the screen, Space marks it, Ctrl+Enter
 * signs all that is marked. */
export function TrayView({ network, onOpenDocument }: TrayViewProps) {
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const narrow = useMedia(NARROW);
  const list = useRef<HTMLDivElement>(null);
  const page = useRef<HTMLElement>(null);
  const [search, setSearch] = useState("");
  const [markedOnly, setMarkedOnly] = useState(false);
  const tray = useTray(search, markedOnly);
  const control = useBatch();
  const [aside, setAside] = useState<"batch" | "one" | null>(null);
  const [outcome, setOutcome] = useState<SignOutcome | null>(null);

  // The shown document stays on the screen when it leaves the list because it was signed.
  const chosen = read("tray.document") ?? null;
  const inList = tray.rows.find((each) => each.document === chosen);
  const last = useRef<TrayRow | undefined>(undefined);
  if (inList !== undefined) last.current = inList;
  const kept = last.current?.document === chosen ? last.current : undefined;
  const row = inList ?? kept ?? tray.rows[0];
  const detail = useRead(
    "documents",
    "document_get",
    { id: row?.document ?? "" },
    { enabled: row !== undefined },
  );
  const file = detail.data?.files.find((each) => each.id === row?.file);

  const reading = useReadingState(row);
  const placement = useTrayPlacement(row);

  useStartupReport(!tray.loading);
  // The keys of the tray work at once, not the Space of the button that opened it.
  const started = tray.rows.length > 0;
  useEffect(() => {
    if (started) list.current?.focus();
  }, [started]);

  const batchOpen = control.batch !== null || aside === "batch";
  const signingOne =
    !batchOpen &&
    aside === "one" &&
    row !== undefined &&
    detail.data !== undefined &&
    file !== undefined;

  const select = (to: TrayRow) => {
    remember("tray.document", to.document);
    setOutcome(null);
    if (aside === "one") setAside(null);
  };
  const marking = useMarking(row, reading, tray.unreadAllowed, select);
  const openBatch = () => {
    if (tray.marked > 0) setAside("batch");
    else marking.tell(t("tray.nothingMarked", { key: keyLabel("tray.mark") }));
  };
  useTrayKeys({
    page,
    onMark: () => row !== undefined && marking.toggle(row),
    onMarkUnread: marking.askUnread,
    onSign: batchOpen || signingOne ? null : openBatch,
    onBack: () => {
      if (aside !== null && control.batch === null) setAside(null);
      else list.current?.focus();
    },
  });

  return (
    <>
      <section
        className={cx(css.list, narrow && (batchOpen || signingOne) && css.hidden)}
        aria-label={t("list.label", { section: t("nav.to_sign") })}
      >
        <div className={css.head}>
          <SearchField
            section={t("nav.to_sign")}
            value={search}
            onSearch={setSearch}
            onDown={() => list.current?.focus()}
          />
          <div className={css.filter}>
            <Segmented
              label={t("list.filters")}
              value={markedOnly ? "marked" : "all"}
              options={[
                { value: "all", label: t("tray.all", { count: tray.total }) },
                { value: "marked", label: t("tray.onlyMarked", { count: tray.marked }) },
              ]}
              onChange={(value) => setMarkedOnly(value === "marked")}
            />
          </div>
        </div>
        {tray.error !== null && <ErrorMessage error={tray.error} className={css.error} />}
        {!tray.loading && tray.rows.length === 0 ? (
          <TrayEmpty
            search={search}
            markedOnly={markedOnly}
            onAll={() => {
              setSearch("");
              setMarkedOnly(false);
            }}
          />
        ) : (
          <TrayList
            tray={tray}
            selected={row?.document ?? null}
            onSelect={select}
            onOpen={() => page.current?.querySelector<HTMLElement>("[data-viewer]")?.focus()}
            onMark={marking.toggle}
            listRef={list}
          />
        )}
        <div className={css.foot}>
          <Button
            tone="main"
            icon="sign"
            className={css.sign}
            shortcut={batchOpen ? undefined : keyLabel("tray.sign")}
            disabled={batchOpen || tray.marked === 0}
            onClick={openBatch}
            data-testid="tray-sign"
          >
            {t("tray.sign", { count: tray.marked })}
          </Button>
          <p className={css.keys}>
            {t("tray.keys", { next: "↓", mark: keyLabel("tray.mark"), scroll: "PgDn" })}
          </p>
        </div>
      </section>
      <main className={css.document} ref={page}>
        <h1 className={unseen.hidden}>{t("nav.to_sign")}</h1>
        {row === undefined ? (
          <TrayEmpty search="" markedOnly={false} onAll={null} />
        ) : (
          <TrayDocument
            row={row}
            file={file}
            network={network}
            reading={reading}
            placement={placement}
            told={marking.told}
            onMarkUnread={tray.unreadAllowed ? marking.askUnread : null}
            onSignOne={() => {
              setOutcome(null);
              setAside("one");
              placement.show();
            }}
            onOpen={() => onOpenDocument(row.document, "outgoing")}
          />
        )}
      </main>
      <UnreadDialog
        title={marking.asking?.subject ?? null}
        read={t("tray.readSome", { read: reading.read, count: reading.pages ?? 1 })}
        onConfirm={marking.markUnread}
        onClose={marking.cancelUnread}
      />
      {(batchOpen || signingOne) && (
        <aside className={css.aside} aria-label={t("batch.title")}>
          {batchOpen ? (
            <BatchPanel control={control} onClose={() => setAside(null)} />
          ) : (
            signingOne && (
              <SignPanel
                as="leader"
                key={row.document}
                detail={detail.data}
                file={file}
                placement={placement}
                network={network}
                outcome={outcome}
                onSigned={setOutcome}
                onClose={() => setAside(null)}
              />
            )
          )}
        </aside>
      )}
    </>
  );
}
