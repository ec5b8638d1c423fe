import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail, FileDto, Network, SignOutcome } from "../../generated/types";
import { keyLabel } from "../../keymap";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { Icon } from "../../shared/icons/Icon";
import { useNotice } from "../../shared/Toasts";
import { useShortcut } from "../../shared/useShortcut";
import { DeviceChooser } from "./DeviceChooser";
import { PlacementFacts } from "./PlacementFacts";
import css from "./SignPanel.module.css";
import { SignResult } from "./SignResult";
import { Stages } from "./Stages";
import { useDevice } from "./useDevice";
import type { PlacementControl } from "./usePlacement";

interface SignPanelProps {
  detail: DocumentDetail;
  file: FileDto;
  /** As whom this person signs. */
  as: "leader" | "agency" | null;
  placement: PlacementControl;
  network: Network;
  /** What the last signing here came to; kept by the document's pane. */
  outcome: SignOutcome | null;
  onSigned: (outcome: SignOutcome) => void;
  onClose: () => void;
}

/** Signing one file, beside its page: device, certificate, place, then the stages and the result. */
export function SignPanel(props: SignPanelProps) {
  const { detail, file, placement, network, outcome, onSigned, onClose } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const body = useRef<HTMLDivElement>(null);
  // Once it is signed nobody signs it any more: the panel still says what was done.
  const [as] = useState(props.as);
  const [busy, setBusy] = useState(false);
  const device = useDevice(busy);
  const { module, token, certificate } = device;
  const title = detail.row.notation ?? detail.row.subject;
  const { signWith } = placement;
  const chosen = certificate?.sha256 ?? null;
  useEffect(() => signWith(chosen), [signWith, chosen]);

  const sign = useMutation({
    mutationFn: async () => {
      if (module === undefined || token === undefined || certificate === undefined) {
        throw new CommandError("CERTIFICATE_MISSING");
      }
      setBusy(true);
      return await host().call("sign", {
        document: detail.row.id,
        file: file.id,
        shown: file.head,
        module: module.id,
        token_serial: token.serial,
        certificate: certificate.sha256,
        placement: placement.value,
      });
    },
    onSuccess: (signed) => {
      onSigned(signed);
      if (module !== undefined) device.choose("module", module.id);
      notice(t("sign.doneToast", { title }), t("sign.doneToastText"));
      void client.invalidateQueries({ queryKey: ["documents"] });
    },
    onError: (error) => {
      if (CommandError.from(error).code === "SHOWN_IS_STALE") {
        void client.invalidateQueries({ queryKey: ["documents"] });
      }
    },
    onSettled: () => {
      setBusy(false);
      void client.invalidateQueries({ queryKey: ["signing"] });
    },
  });

  const failed = sign.error !== null && !sign.isPending && outcome === null;
  useEffect(() => {
    if (failed && body.current !== null) body.current.scrollTop = 0;
  }, [failed]);

  const missing =
    module === undefined || token === undefined
      ? t("sign.needModule")
      : certificate === undefined
        ? t("sign.needCertificate")
        : placement.value === null
          ? t("sign.needPage")
          : null;
  const ready = missing === null && !sign.isPending && outcome === null;
  useShortcut("main", () => sign.mutate(), ready);

  return (
    <div className={css.panel}>
      <div className={css.head}>
        <Icon name="sign" size={20} />
        <h2 className={css.title}>{t(as === "agency" ? "sign.sealTitle" : "sign.title")}</h2>
        {!sign.isPending && (
          <IconButton
            icon="close"
            label={outcome === null ? t("sign.close") : t("app.close")}
            shortcut={keyLabel("back")}
            onClick={onClose}
          />
        )}
      </div>
      <div className={css.body} ref={body}>
        {failed && (
          <ErrorMessage error={sign.error} facts={{ token: token?.label, module: module?.name }} />
        )}
        <section className={css.subject}>
          <p className={css.small}>{t("sign.subject")}</p>
          <p className={css.name}>{detail.row.subject}</p>
          <p className={css.small}>{file.name}</p>
        </section>
        {outcome !== null ? (
          <SignResult outcome={outcome} file={file} onClose={onClose} />
        ) : sign.isPending ? (
          <Stages />
        ) : (
          <>
            <DeviceChooser device={device} />
            <PlacementFacts placement={placement} signerName={detail.signer_name} />
          </>
        )}
      </div>
      {outcome === null && !sign.isPending && (
        <div className={css.foot}>
          <p className={css.small}>{t(network === "online" ? "sign.level" : "sign.warning")}</p>
          <Button
            tone="main"
            icon="sign"
            shortcut={ready ? keyLabel("main") : undefined}
            className={css.submit}
            disabled={!ready}
            onClick={() => sign.mutate()}
            data-testid="sign-submit"
          >
            {missing ?? t("sign.submit")}
          </Button>
        </div>
      )}
    </div>
  );
}
