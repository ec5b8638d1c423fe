import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import type { DiagnosedModule, DiagnosedToken } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { Button } from "../../shared/Button";
import { Choices } from "../../shared/Choices";
import { formatDate } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import { certificateReason } from "../signing/certificateReason";
import { Findings } from "./TokenPage";
import css from "./TokenPage.module.css";

interface ModuleCardProps {
  module: DiagnosedModule;
  busy: boolean;
  onChangePin: (token: DiagnosedToken) => void;
}

/** A module, why it is on the list, and the tokens it sees. */
export function ModuleCard({ module, busy, onChangePin }: ModuleCardProps) {
  const { t } = useTranslation();
  const facts = [
    module.vendor,
    module.architecture,
    module.library === null ? "" : `${module.library.description} ${module.library.version}`,
    ...module.reasons.map((reason) => t(`token.reason.${reason}`)),
    module.library?.slot_events === true ? t("token.events") : "",
  ].filter((fact) => fact.trim() !== "");
  return (
    <div className={css.module} data-testid="token-module" data-tokens={module.tokens.length}>
      <p className={css.name}>
        {module.name}
        {module.simulator && <Badge tone="neutral">{t("sign.simulator")}</Badge>}
        {!module.allowed && <Badge tone="warn">{t("token.notAllowed")}</Badge>}
      </p>
      <p className={css.note}>{facts.join(" · ")}</p>
      <code className={css.code}>{module.path}</code>
      {module.problem !== null && <Findings findings={[module.problem]} />}
      {module.tokens.map((token) => (
        <TokenCard
          key={token.serial}
          token={token}
          busy={busy}
          onChangePin={() => onChangePin(token)}
        />
      ))}
    </div>
  );
}

interface TokenCardProps {
  token: DiagnosedToken;
  busy: boolean;
  onChangePin: () => void;
}

function TokenCard({ token, busy, onChangePin }: TokenCardProps) {
  const { t } = useTranslation();
  const { read, remember } = useSettings();
  const usable = token.certificates.filter((each) => each.state === "usable");
  const chosen =
    usable.find((each) => each.sha256 === read("sign.certificate")) ??
    (usable.length === 1 ? usable[0] : undefined);
  const length =
    token.pin_max > 0 ? t("token.pinLength", { min: token.pin_min, max: token.pin_max }) : null;
  return (
    <div className={css.token} data-testid="token-card">
      <div className={css.tokenHead}>
        <Icon name="token" size={20} />
        <div className={css.grow}>
          <p className={css.name}>{token.label}</p>
          <p className={css.note}>
            {[
              `${token.manufacturer} ${token.model}`.trim(),
              t("sign.tokenSerial", { serial: token.serial }),
              token.reader,
            ]
              .filter((fact) => fact !== "")
              .join(" · ")}
          </p>
          <p className={css.note}>
            {[t(`sign.pin.${token.pin_state}`), token.pin_pad ? t("token.pinPad") : null, length]
              .filter((fact) => fact !== null)
              .join(" · ")}
          </p>
        </div>
        <Button
          icon="pin"
          disabled={busy || token.pin_state === "locked" || token.pin_state === "not_initialised"}
          onClick={onChangePin}
          data-testid="pin-change"
        >
          {t("token.changePin")}
        </Button>
      </div>
      <Findings findings={token.findings} />
      {token.certificates.length > 0 && (
        <>
          <p className={css.note}>{t("token.chooseOnce")}</p>
          <Choices
            label={t("sign.certificate")}
            testId="token-certificate"
            value={chosen?.sha256}
            onChoose={(sha256) => remember("sign.certificate", sha256)}
            choices={token.certificates.map((each) => ({
              id: each.sha256,
              title: each.subject,
              facts: (
                <>
                  {each.organisation !== "" && <span>{each.organisation}</span>}
                  <span>{t("sign.issuedBy", { issuer: each.issuer })}</span>
                  <span>{t("sign.validTo", { date: formatDate(each.not_after) })}</span>
                  <span>
                    {[each.key, t(each.registered ? "sign.registered" : "sign.notRegistered")].join(
                      " · ",
                    )}
                  </span>
                </>
              ),
              disabled: certificateReason(each, t),
            }))}
          />
        </>
      )}
    </div>
  );
}
