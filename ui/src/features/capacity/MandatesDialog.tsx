import { Dialog } from "@base-ui/react/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { MandateDto } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { cx } from "../../shared/cx";
import dialog from "../../shared/Dialog.module.css";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDate } from "../../shared/format";
import { wordName } from "../intake/kinds";
import css from "./Capacity.module.css";
import { GiveMandate } from "./GiveMandate";

interface MandatesDialogProps {
  open: boolean;
  onClose: () => void;
}

/** Who acts in whose place: what was given and what is held, and for a leader giving one. */
export function MandatesDialog({ open, onClose }: MandatesDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={cx(dialog.popup, dialog.wide)} data-testid="mandates">
          <Mandates onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Mandates({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data } = useRead("session", "capacity_list", {});
  const revoke = useMutation({
    mutationFn: (id: string) => host().call("mandate_revoke", { id }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["session"] }),
  });
  if (data === undefined) return null;
  return (
    <>
      <Dialog.Title className={dialog.title}>{t("mandate.title")}</Dialog.Title>
      <Dialog.Description className={css.quiet}>{t("mandate.what")}</Dialog.Description>
      {revoke.error !== null && <ErrorMessage error={revoke.error} />}
      {data.may_give && (
        <section aria-label={t("mandate.given")}>
          <h3 className={css.heading}>{t("mandate.given")}</h3>
          {data.given.length === 0 ? (
            <p className={css.quiet}>{t("mandate.givenNone")}</p>
          ) : (
            <ul className={css.list}>
              {data.given.map((mandate) => (
                <Row key={mandate.id} mandate={mandate}>
                  <Button
                    onClick={() => revoke.mutate(mandate.id)}
                    disabled={revoke.isPending}
                    data-testid="mandate-revoke"
                  >
                    {t("mandate.revoke")}
                  </Button>
                </Row>
              ))}
            </ul>
          )}
        </section>
      )}
      {data.held.length > 0 && (
        <section aria-label={t("mandate.held")}>
          <h3 className={css.heading}>{t("mandate.held")}</h3>
          <p className={css.quiet}>{t("mandate.heldNote")}</p>
          <ul className={css.list}>
            {data.held.map((mandate) => (
              <Row key={mandate.id} mandate={mandate} />
            ))}
          </ul>
        </section>
      )}
      {data.may_give && <GiveMandate />}
      <div className={dialog.acts}>
        <Button onClick={onClose} data-testid="mandates-close">
          {t("app.close")}
        </Button>
      </div>
    </>
  );
}

/** Signing, with the kinds where not all may be signed. */
function signs({ kinds }: MandateDto, t: TFunction): string {
  return kinds.length === 0
    ? t("mandate.sign")
    : t("mandate.signOnly", { kinds: kinds.map(wordName).join(", ") });
}

function Row({ mandate, children }: { mandate: MandateDto; children?: React.ReactNode }) {
  const { t } = useTranslation();
  const covered = [mandate.direct && t("mandate.direct"), mandate.sign && signs(mandate, t)];
  const facts = [
    t(`mandate.kinds.${mandate.kind}`),
    covered.filter(Boolean).join(", "),
    t("mandate.span", {
      since: formatDate(mandate.since),
      // Its last whole day.
      until: formatDate(mandate.until - 1),
    }),
    mandate.reference !== "" && t("mandate.referenceOf", { reference: mandate.reference }),
    !mandate.in_force && t("mandate.coming"),
  ];
  return (
    <li className={css.row} data-testid="mandate">
      <div className={css.rowText}>
        <p className={css.person}>
          {mandate.person}, {mandate.position}
        </p>
        <p className={css.quiet}>{facts.filter(Boolean).join(" · ")}</p>
      </div>
      {children}
    </li>
  );
}
