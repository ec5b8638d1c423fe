import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { SealArgs } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { Icon } from "../../shared/icons/Icon";
import { useShortcut } from "../../shared/useShortcut";
import { BatchReport } from "../batch/BatchReport";
import { BatchRun } from "../batch/BatchRun";
import { useBatch } from "../batch/useBatch";
import { DeviceChooser } from "../signing/DeviceChooser";
import panel from "../signing/SignPanel.module.css";
import { useDevice } from "../signing/useDevice";

/** The organisation's signature on the scans that have their number: one PIN for all. */
export function SealPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const control = useBatch();
  const { batch, running } = control;
  return (
    <section className={panel.panel} aria-label={t("seal.title")} data-testid="seal-panel">
      <div className={panel.head}>
        <Icon name="seal" size={20} />
        <h2 className={panel.title}>{t("seal.title")}</h2>
        {!running && batch === null && (
          <IconButton
            icon="close"
            label={t("app.close")}
            shortcut={keyLabel("back")}
            onClick={onClose}
          />
        )}
      </div>
      {batch === null ? (
        <SealSetup />
      ) : running ? (
        <BatchRun batch={batch} onCancel={() => control.cancel.mutate()} />
      ) : (
        <BatchReport batch={batch} control={control} onClose={onClose} />
      )}
    </section>
  );
}

function SealSetup() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queue = useRead("intake", "seal_queue", {});
  const sign = useMutation({
    mutationFn: (args: SealArgs) => host().call("seal_sign", args),
    onSettled: () =>
      Promise.all(
        ["signing", "intake", "token"].map((tag) => client.invalidateQueries({ queryKey: [tag] })),
      ),
  });
  const device = useDevice(sign.isPending);
  const { module, token, certificate } = device;
  const complete = module !== undefined && token !== undefined && certificate !== undefined;
  const count = queue.data?.ready ?? 0;
  const ready = complete && count > 0 && !sign.isPending;
  const start = () =>
    sign.mutate({
      module: module?.id ?? "",
      token_serial: token?.serial ?? "",
      certificate: certificate?.sha256 ?? "",
    });
  useShortcut("main", start, ready);
  return (
    <>
      <div className={panel.body}>
        {sign.error !== null && (
          <ErrorMessage error={sign.error} facts={{ token: token?.label, module: module?.name }} />
        )}
        {queue.error !== null && <ErrorMessage error={queue.error} />}
        <div data-testid="seal-queue" data-ready={count}>
          <p className={panel.name}>{t("seal.ready", { count })}</p>
          {(queue.data?.waiting ?? 0) > 0 && (
            <p className={panel.small}>{t("seal.waiting", { count: queue.data?.waiting ?? 0 })}</p>
          )}
          <p className={panel.small}>{t("seal.what")}</p>
        </div>
        <DeviceChooser device={device} />
      </div>
      <div className={panel.foot}>
        <Button
          tone="main"
          icon="seal"
          shortcut={ready ? keyLabel("main") : undefined}
          className={panel.submit}
          disabled={!ready}
          onClick={start}
          data-testid="seal-sign"
        >
          {complete ? t("seal.sign", { count }) : t("batch.needDevice")}
        </Button>
      </div>
    </>
  );
}
