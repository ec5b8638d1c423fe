import { useTranslation } from "react-i18next";
import type { DeliveryDto, OutgoingDto } from "../../generated/types";
import { Badge } from "../../shared/Badge";
import { formatDateTime } from "../../shared/format";
import css from "./Issuing.module.css";
import { deliveryTone, statusWord } from "./words";

/** To whom a document was sent and what became of it there: the statuses of the national axis. */
export function Deliveries({ outgoing, sent }: { outgoing: OutgoingDto; sent: boolean }) {
  const { t } = useTranslation();
  const { deliveries, places } = outgoing;
  if (deliveries.length === 0 && places.length === 0) return null;
  return (
    <section data-testid="deliveries">
      <h2 className={css.title}>{t("issuing.deliveries", { count: deliveries.length })}</h2>
      {deliveries.length > 0 && (
        <ul className={css.deliveries}>
          {deliveries.map((one) => (
            <Delivery key={one.code} delivery={one} sent={sent} />
          ))}
        </ul>
      )}
      {places.length > 0 && (
        <>
          <h3 className={css.subtitle}>{t("issuing.otherPlaces")}</h3>
          <ul className={css.places} data-testid="delivery-places">
            {places.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Delivery({ delivery, sent }: { delivery: DeliveryDto; sent: boolean }) {
  const { t } = useTranslation();
  const last = delivery.statuses.at(-1);
  const waiting = sent ? "issuing.noAnswer" : "issuing.notSent";
  return (
    <li
      className={css.delivery}
      data-testid="delivery"
      data-code={delivery.code}
      data-status={last?.code ?? ""}
    >
      <p className={css.agency}>
        <span className={css.name}>{delivery.name}</span>
        <Badge tone={deliveryTone(last?.code)}>
          {last === undefined ? t(waiting) : statusWord(last.code, t)}
        </Badge>
      </p>
      <p className={css.quiet}>{delivery.code}</p>
      {delivery.statuses.length > 0 && (
        <ol className={css.statuses}>
          {delivery.statuses.map((status) => (
            <li key={status.code} className={css.status}>
              <span>
                {statusWord(status.code, t)}{" "}
                <span className={css.quiet}>{t("issuing.code", { code: status.code })}</span>
              </span>
              <span className={css.quiet}>{formatDateTime(status.at)}</span>
              {status.reason !== "" && (
                <span className={css.reason}>{t("issuing.reason", { reason: status.reason })}</span>
              )}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
