import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { Confirm } from "../../shared/Confirm";
import { ErrorMessage } from "../../shared/ErrorMessage";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";

/** Documents that the server takes away in bulk: they stay until proof or a person says otherwise. */
export function HeldRemovals() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const held = useRead("sync", "removals_held", {});
  const [asking, setAsking] = useState(false);
  const again = () => client.invalidateQueries({ queryKey: ["sync"] });
  const compare = useMutation({
    mutationFn: () => host().call("sync_compare", {}),
    onSettled: again,
  });
  const settle = useMutation({
    mutationFn: (remove: boolean) =>
      host().call("removals_settle", { documents: documents.map((d) => d.document), remove }),
    onSettled: again,
  });
  const documents = held.data ?? [];
  if (documents.length === 0) return null;
  const error = settle.error ?? compare.error;
  return (
    <section className={page.group} aria-label={t("sync.held.title")} data-testid="held-removals">
      <h2 className={page.groupTitle}>
        {t("sync.held.title")}
        <span className={page.count}>{documents.length}</span>
      </h2>
      <div className={css.box}>
        <p>{t("sync.held.why", { count: documents.length })}</p>
        <ul className={css.titles}>
          {documents.map((document) => (
            <li key={document.document}>{document.title}</li>
          ))}
        </ul>
        {error !== null && <ErrorMessage error={error} />}
        <div className={css.line}>
          <Button icon="sync" onClick={() => compare.mutate()}>
            {t("sync.held.verify")}
          </Button>
          <Button onClick={() => settle.mutate(false)} data-testid="held-keep">
            {t("sync.held.keep")}
          </Button>
          <Button tone="quiet" onClick={() => setAsking(true)} data-testid="held-remove">
            {t("sync.held.remove")}
          </Button>
        </div>
      </div>
      <Confirm
        open={asking}
        title={t("sync.held.removeTitle", { count: documents.length })}
        text={t("sync.held.removeText")}
        yes={t("sync.held.remove")}
        onYes={() => settle.mutate(true)}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}
