import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { keyLabel } from "../../keymap";
import { CommandError } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Icon } from "../../shared/icons/Icon";
import { useShortcut } from "../../shared/useShortcut";
import { DeviceChooser } from "../signing/DeviceChooser";
import panel from "../signing/SignPanel.module.css";
import { useDevice } from "../signing/useDevice";
import css from "./Batch.module.css";
import { reasonOf } from "./report";
import type { BatchControl } from "./useBatch";

/** What would happen, before anyone is asked for a PIN. */
export function BatchSetup({ control }: { control: BatchControl }) {
  const { t } = useTranslation();
  const device = useDevice(control.sign.isPending);
  const { module, token, certificate } = device;
  const [choosing, setChoosing] = useState(false);
  const complete = module !== undefined && token !== undefined && certificate !== undefined;
  const args = {
    items: [],
    module: module?.id ?? "",
    token_serial: token?.serial ?? "",
    certificate: certificate?.sha256 ?? "",
  };
  const preflight = useRead("signing", "batch_preflight", args, { enabled: complete });
  const found = preflight.data;
  const skipped = found?.items.filter((item) => item.code !== null) ?? [];
  const ready = complete && found?.can_start === true && !control.sign.isPending;
  const start = () => control.sign.mutate(args);
  useShortcut("main", start, ready);
  const problem =
    control.sign.error ??
    preflight.error ??
    (found?.token != null ? new CommandError(found.token) : null) ??
    (found?.certificate != null ? new CommandError(found.certificate) : null) ??
    (found !== undefined && found.ready === 0 ? new CommandError("NOTHING_TO_SIGN") : null);

  return (
    <>
      <div className={panel.body}>
        {problem !== null && (
          <ErrorMessage error={problem} facts={{ token: token?.label, module: module?.name }} />
        )}
        {found !== undefined && (
          <section className={css.summary} data-testid="batch-preflight" data-ready={found.ready}>
            <p className={css.big}>{t("batch.ready", { count: found.ready })}</p>
            {skipped.length > 0 && (
              <>
                <p className={css.warn}>{t("batch.willSkip", { count: skipped.length })}</p>
                <ul className={css.skipped}>
                  {skipped.map((item) => (
                    <li key={item.document}>
                      <Icon name="skip" />
                      <span>
                        <b>{item.title}</b> {reasonOf(item, t)}
                      </span>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
        )}
        {complete && !choosing ? (
          <section className={css.device}>
            <Icon name="token" size={20} />
            <div className={css.deviceWords}>
              <p className={css.strong}>{token.label}</p>
              <p>{certificate.subject}</p>
              <p className={panel.small}>{certificate.organisation}</p>
              {token.pin_state !== "ok" && (
                <Badge tone="warn" icon="warning">
                  {t(`sign.pin.${token.pin_state}`)}
                </Badge>
              )}
              {token.pin_pad && <p className={panel.small}>{t("batch.pinPad")}</p>}
            </div>
            <Button tone="quiet" onClick={() => setChoosing(true)} data-testid="batch-device">
              {t("batch.change")}
            </Button>
          </section>
        ) : (
          <DeviceChooser device={device} />
        )}
        <ul className={css.promises}>
          {(["onePin", "shown", "level"] as const).map((promise) => (
            <li key={promise}>
              <Icon name="check" />
              {t(`batch.promise.${promise}`)}
            </li>
          ))}
        </ul>
      </div>
      <div className={panel.foot}>
        <Button
          tone="main"
          icon="sign"
          shortcut={ready ? keyLabel("main") : undefined}
          className={panel.submit}
          disabled={!ready}
          onClick={start}
          data-testid="batch-sign"
        >
          {!complete
            ? t("batch.needDevice")
            : found === undefined
              ? t("batch.checking")
              : t("batch.sign", { count: found.ready })}
        </Button>
      </div>
    </>
  );
}
