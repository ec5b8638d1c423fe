import { useTranslation } from "react-i18next";
import { CommandError } from "../../platform";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { Choices } from "../../shared/Choices";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import { certificateReason } from "./certificateReason";
import css from "./SignPanel.module.css";
import type { Device } from "./useDevice";

/** Which device signs, with which certificate. What cannot be used says why. */
export function DeviceChooser({ device }: { device: Device }) {
  const { t } = useTranslation();
  const { modules, module, token, tokens, certificate } = device;
  const again = (
    <Button icon="sync" onClick={device.refresh} aria-busy={device.searching}>
      {t("sign.refresh")}
    </Button>
  );
  if (device.error != null) {
    return (
      <ErrorMessage error={device.error} facts={{ module: module?.name }}>
        {again}
      </ErrorMessage>
    );
  }
  if (modules === undefined) return <p className={css.note}>{t("sign.searching")}</p>;
  if (modules.length === 0) {
    return <ErrorMessage error={new CommandError("MODULE_NOT_FOUND")}>{again}</ErrorMessage>;
  }
  return (
    <>
      <section className={css.step}>
        <div className={css.stepHead}>
          <h3>{t("sign.module")}</h3>
          <button type="button" className={css.link} onClick={device.refresh}>
            {device.searching ? t("sign.searching") : t("sign.refresh")}
          </button>
        </div>
        <Choices
          label={t("sign.module")}
          testId="sign-module"
          value={module?.id}
          onChoose={(id) => device.choose("module", id)}
          choices={modules.map((m) => ({
            id: m.id,
            title: m.simulator ? `${m.name} (${t("sign.simulator")})` : m.name,
            facts: m.problem === null ? t("sign.moduleTokens", { count: m.tokens }) : "",
            disabled: m.problem === null ? undefined : `${t("sign.moduleProblem")} (${m.problem})`,
          }))}
        />
        {module !== undefined && tokens !== undefined && tokens.length === 0 && (
          <ErrorMessage error={new CommandError("TOKEN_ABSENT")}>{again}</ErrorMessage>
        )}
        {tokens !== undefined && tokens.length > 1 && (
          <Choices
            label={t("sign.token")}
            testId="sign-token"
            value={token?.serial}
            onChoose={(serial) => device.choose("token", serial)}
            choices={tokens.map((each) => ({
              id: each.serial,
              title: each.label,
              facts: t("sign.tokenSerial", { serial: each.serial }),
            }))}
          />
        )}
        {token !== undefined && (
          <p className={css.token} data-testid="sign-token-line">
            <span className={css.tokenName}>{token.label}</span>
            <Badge tone={token.pin_state === "ok" ? "neutral" : "warn"}>
              {t(`sign.pin.${token.pin_state}`)}
            </Badge>
          </p>
        )}
      </section>
      {token !== undefined && (
        <section className={css.step}>
          <div className={css.stepHead}>
            <h3>{t("sign.certificate")}</h3>
          </div>
          {token.certificates.length === 0 && (
            <p className={css.note}>{t("sign.certificateNone")}</p>
          )}
          <Choices
            label={t("sign.certificate")}
            testId="sign-certificate"
            value={certificate?.sha256}
            onChoose={(sha256) => device.choose("certificate", sha256)}
            choices={token.certificates.map((each) => ({
              id: each.sha256,
              title: each.subject,
              facts: (
                <>
                  {each.organisation !== "" && <span>{each.organisation}</span>}
                  <span>{t("sign.issuedBy", { issuer: each.issuer })}</span>
                  <span>{t("sign.validTo", { date: formatDate(each.not_after) })}</span>
                  <span>{t(each.registered ? "sign.registered" : "sign.notRegistered")}</span>
                </>
              ),
              disabled: certificateReason(each, t),
            }))}
          />
        </section>
      )}
    </>
  );
}
