import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { BookDto } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { formatDateTime } from "../../shared/format";
import { Icon } from "../../shared/icons/Icon";
import css from "./LeaseLine.module.css";

/** Numbers that this machine may give without the server: what they are for, taking and returning. */
export function LeaseLine({ book }: { book: BookDto }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = { book: book.book, year: book.year };
  const settled = () => client.invalidateQueries({ queryKey: ["intake"] });
  const take = useMutation({
    mutationFn: () => host().call("lease_take", id),
    onSettled: settled,
  });
  const giveBack = useMutation({
    mutationFn: () => host().call("lease_return", id),
    onSettled: settled,
  });
  const lease = book.leased;
  const error = take.error ?? giveBack.error;
  const words =
    lease !== null
      ? t(lease.stopped ? "book.leaseStopped" : "book.lease", {
          from: lease.next,
          to: lease.hi,
          until: formatDateTime(lease.expires_at),
        })
      : book.held_by !== null
        ? t("book.heldBy", { holder: book.held_by })
        : t("book.noLease");
  return (
    <section className={css.line} aria-label={t("book.leaseTitle")} data-testid="lease-line">
      <Icon name={lease !== null ? "check" : "info"} />
      <p className={css.words}>{words}</p>
      {lease !== null ? (
        <Button
          disabled={giveBack.isPending}
          onClick={() => giveBack.mutate()}
          data-testid="lease-return"
        >
          {t("book.leaseReturn")}
        </Button>
      ) : (
        book.held_by === null && (
          <Button disabled={take.isPending} onClick={() => take.mutate()} data-testid="lease-take">
            {t("book.leaseTake")}
          </Button>
        )
      )}
      {error !== null && <ErrorMessage error={error} className={css.error} />}
    </section>
  );
}
