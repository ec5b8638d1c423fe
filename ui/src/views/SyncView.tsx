import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../api/query";
import { Completion } from "../features/completion/Completion";
import { explanation } from "../features/frame/NetworkLine";
import { ImportEntry } from "../features/importing/ImportEntry";
import { LoginForm } from "../features/session/LoginForm";
import { Courier } from "../features/sync/Courier";
import { HeldRemovals } from "../features/sync/HeldRemovals";
import { History } from "../features/sync/History";
import { Notices } from "../features/sync/Notices";
import { OutboxGroup } from "../features/sync/OutboxGroup";
import { ProxyWays } from "../features/sync/ProxyWays";
import { Resting } from "../features/sync/Resting";
import { Traffic } from "../features/sync/Traffic";
import { Transfers } from "../features/sync/Transfers";
import type { AppStatus, SyncStatus } from "../generated/types";
import { host } from "../platform";
import { Button } from "../shared/Button";
import dialog from "../shared/Dialog.module.css";
import { ErrorMessage } from "../shared/ErrorMessage";
import { formatShort } from "../shared/format";
import { useShortcut } from "../shared/useShortcut";
import css from "./Page.module.css";
import own from "./SyncView.module.css";

interface SyncViewProps {
  sync: SyncStatus;
  status: AppStatus;
  onOpenDocument: (id: string, direction: string) => void;
  onImport: () => void;
}

/** What has not reached the server, what a person must decide, and what has arrived. */
export function SyncView({ sync, status, onOpenDocument, onImport }: SyncViewProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const outbox = useRead("sync", "outbox_list", {});
  const [loginOpen, setLoginOpen] = useState(false);
  const syncNow = useMutation({
    mutationFn: () => host().call("sync_now", {}),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const dismiss = useMutation({
    mutationFn: (id: string) => host().call("outbox_dismiss", { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const again = useMutation({
    mutationFn: (id: string) => host().call("outbox_again", { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const open = useMutation({
    mutationFn: (id: string) => host().call("document_get", { id }),
    onSuccess: (detail) => onOpenDocument(detail.row.id, detail.direction),
  });
  useShortcut("main", () => syncNow.mutate());

  const entries = outbox.data ?? [];
  const refused = entries.filter((e) => e.state === "conflict" || e.state === "rejected");
  const attention = refused.filter((e) => !e.dismissed);
  const seen = refused.filter((e) => e.dismissed);
  const waiting = entries.filter((e) => e.state === "waiting");
  const received = entries.filter((e) => e.state === "received");
  const now = Date.now();
  const working = sync.syncing || syncNow.isPending;
  const figures: ReadonlyArray<[string, string | number]> = [
    [t("sync.unsent"), sync.unsent],
    [t("sync.attention"), sync.needs_attention],
    [t("sync.files"), sync.downloads_waiting],
    [
      t("sync.lastSync"),
      sync.last_sync === null ? t("sync.never") : formatShort(sync.last_sync, now),
    ],
  ];

  return (
    <main className={css.page}>
      <div className={css.column}>
        <header className={css.head}>
          <div>
            <h1 className={css.title}>{t("sync.title")}</h1>
            <p className={css.quiet}>
              {status.province} · {status.server}
            </p>
          </div>
          <div className={css.acts}>
            {sync.network === "needs_login" && (
              <Button tone="main" icon="user" onClick={() => setLoginOpen(true)}>
                {t("login.again")}
              </Button>
            )}
            <Button
              tone={sync.network === "needs_login" ? "plain" : "main"}
              icon="sync"
              onClick={() => syncNow.mutate()}
              aria-busy={working}
              data-testid="sync-now"
            >
              {working ? t("sync.working") : t("sync.now")}
            </Button>
          </div>
        </header>
        <section
          className={own.state}
          data-network={sync.network}
          data-paused={sync.paused}
          data-testid="sync-state"
        >
          <div>
            <p className={own.network}>
              {t(`network.${sync.network}`, { since: formatShort(sync.since, now) })}
              {sync.paused && ` · ${t("network.paused")}`}
            </p>
            <p className={css.quiet}>{explanation(sync, t)}</p>
          </div>
          <dl className={own.figures}>
            {figures.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
        {syncNow.error !== null && <ErrorMessage error={syncNow.error} />}
        {outbox.error !== null && <ErrorMessage error={outbox.error} />}
        {again.error !== null && <ErrorMessage error={again.error} />}
        {open.error !== null && <ErrorMessage error={open.error} />}
        <Notices sync={sync} />
        <Transfers sync={sync} />
        <Resting />
        <HeldRemovals />
        {attention.length > 0 && (
          <OutboxGroup
            title={t("sync.attention")}
            entries={attention}
            onOpen={open.mutate}
            onDismiss={dismiss.mutate}
            onAgain={again.mutate}
          />
        )}
        <Completion onOpen={open.mutate} />
        <OutboxGroup
          title={t("sync.waiting")}
          entries={waiting}
          empty={t("sync.waitingEmpty")}
          note={waiting.length > 0 ? t("sync.detail") : undefined}
          onOpen={open.mutate}
        />
        <OutboxGroup
          title={t("sync.received")}
          entries={received}
          empty={t("sync.receivedEmpty")}
          onOpen={open.mutate}
        />
        {seen.length > 0 && (
          <OutboxGroup title={t("sync.seen")} entries={seen} onOpen={open.mutate} />
        )}
        <Courier />
        <ImportEntry onOpen={onImport} />
        <History />
        <Traffic sync={sync} />
        <ProxyWays />
      </div>
      <Dialog.Root open={loginOpen} onOpenChange={setLoginOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className={dialog.backdrop} />
          <Dialog.Popup className={dialog.popup}>
            <Dialog.Title className={dialog.title}>{t("login.again")}</Dialog.Title>
            <Dialog.Description className={css.quiet}>{t("login.againWhy")}</Dialog.Description>
            <LoginForm
              username={status.account?.username ?? ""}
              onDone={() => setLoginOpen(false)}
            />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </main>
  );
}
