import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";
import box from "./Outbox.module.css";

/** The documents whose acts and files rest, and how to go on. */
export function Resting() {
  const { t } = useTranslation();
  const { data = [], error } = useRead("sync", "documents_resting", {});
  if (error !== null) return <ErrorMessage error={error} />;
  if (data.length === 0) return null;
  return (
    <section className={page.group} aria-label={t("sync.rest.title")} data-testid="resting">
      <h2 className={page.groupTitle}>
        {t("sync.rest.title")}
        <span className={page.count}>{data.length}</span>
      </h2>
      <p className={page.quiet}>{t("sync.rest.why")}</p>
      <ul className={box.rows}>
        {data.map(({ document, title }) => (
          <li key={document} className={css.resting}>
            <span className={box.name}>{title}</span>
            <RestButton document={document} title={title} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Lets one document rest, or go on. */
export function RestButton({ document, title }: { document: string; title: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data = [] } = useRead("sync", "documents_resting", {});
  const rests = data.some((resting) => resting.document === document);
  const change = useMutation({
    mutationFn: () => host().call("document_rest", { document, rest: !rests }),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const act = t(rests ? "sync.rest.resume" : "sync.rest.pause");
  return (
    <Button
      tone="quiet"
      icon={rests ? "play" : "pause"}
      onClick={() => change.mutate()}
      aria-label={t("sync.rest.of", { act, title })}
      data-testid={rests ? "rest-resume" : "rest-pause"}
    >
      {act}
    </Button>
  );
}
