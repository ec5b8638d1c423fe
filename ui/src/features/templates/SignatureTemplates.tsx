import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { AccountDto, ImageRole } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate, formatMm } from "../../shared/format";
import { Icon, type IconName } from "../../shared/icons/Icon";
import { keptSample } from "./keptSample";
import { SamplePage } from "./SamplePage";
import css from "./SignatureTemplates.module.css";
import { Wizard } from "./Wizard";

const ROLES = ["signature", "initials", "seal"] as const satisfies readonly ImageRole[];
const ICONS: Record<ImageRole, IconName> = { signature: "sign", initials: "check", seal: "stamp" };

/** The pictures that signatures are shown with: what there is, and making new ones. */
export function SignatureTemplates({ account }: { account: AccountDto | null }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { data: kept, error } = useRead("settings", "signature_image_list", {});
  const [making, setMaking] = useState<ImageRole | null>(null);
  const remove = useMutation({
    mutationFn: (role: ImageRole) => host().call("signature_image_remove", { role }),
    onSettled: () => client.invalidateQueries({ queryKey: ["settings"] }),
  });
  if (error !== null) return <ErrorMessage error={error} />;
  if (kept === undefined) return null;
  if (making !== null) {
    return <Wizard role={making} account={account} kept={kept} onDone={() => setMaking(null)} />;
  }
  return (
    <div className={css.screen}>
      <p className={css.lead}>{t("templates.lead")}</p>
      {remove.error !== null && <ErrorMessage error={remove.error} />}
      <div className={css.both}>
        <ul className={css.cards}>
          {ROLES.map((role) => {
            const image = kept.find((each) => each.role === role);
            return (
              <li key={role} className={css.card} data-testid={`template-${role}`}>
                <div className={css.picture}>
                  {image === undefined ? (
                    <Icon name={ICONS[role]} size={20} />
                  ) : (
                    <img src={host().imageUrl(image.sha256)} alt={t(`templates.role.${role}`)} />
                  )}
                </div>
                <div className={css.what}>
                  <h2>{t(`templates.role.${role}`)}</h2>
                  <p className={css.facts}>
                    {image === undefined
                      ? t(`templates.none.${role}`)
                      : t("templates.facts", {
                          w: formatMm(image.width_mm, i18n.language),
                          h: formatMm(image.height_mm, i18n.language),
                          date: formatDate(image.at),
                        })}
                  </p>
                  <div className={css.acts}>
                    <Button
                      tone={image === undefined && role === "signature" ? "main" : "plain"}
                      icon={image === undefined ? "plus" : "image"}
                      onClick={() => setMaking(role)}
                      data-testid={`template-make-${role}`}
                    >
                      {t(image === undefined ? "templates.add" : "templates.replace")}
                    </Button>
                    {image !== undefined && (
                      <Button tone="quiet" icon="trash" onClick={() => remove.mutate(role)}>
                        {t("templates.remove")}
                      </Button>
                    )}
                  </div>
                </div>
              </li>
            );
          })}
        </ul>
        <SamplePage account={account} samples={kept.map(keptSample)} />
      </div>
    </div>
  );
}
