import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import type { IconName } from "../../shared/icons/Icon";
import { OutsideProgress } from "../../shared/OutsideProgress";
import page from "../../views/Page.module.css";
import css from "./Courier.module.css";
import { carried, received, written } from "./courierWords";

type Act = "write" | "carry" | "receive";
const ACTS: ReadonlyArray<{ act: Act; icon: IconName }> = [
  { act: "write", icon: "save" },
  { act: "carry", icon: "upload" },
  { act: "receive", icon: "download" },
];

/** For an office without a network for days: what waits goes onto a stick, another desk carries it. */
export function Courier() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [result, setResult] = useState<{ act: Act; lines: string[] } | null>(null);
  const work = useMutation({
    mutationFn: async (act: Act) => ({
      act,
      lines: await run(act, { t, language: i18n.language }),
    }),
    onMutate: () => setResult(null),
    onSuccess: ({ act, lines }) => setResult(lines === null ? null : { act, lines }),
    onSettled: () => client.invalidateQueries({ queryKey: ["sync"] }),
  });
  const said = useRef<HTMLDivElement>(null);
  const { error } = work;
  useEffect(() => {
    // The panel may end at the foot of the window, and its word would be missed.
    if (result !== null || error !== null) said.current?.scrollIntoView?.({ block: "nearest" });
  }, [result, error]);
  const state = useRead("sync", "courier_state", {});
  const ready = state.data?.ready === true;
  return (
    <section className={page.group} aria-label={t("courier.title")} data-testid="courier">
      <h2 className={page.groupTitle}>{t("courier.title")}</h2>
      <p className={page.quiet}>{t("courier.why")}</p>
      <ol className={css.steps}>
        {ACTS.map(({ act, icon }) => (
          <li key={act} className={css.step}>
            <div>
              <p className={css.name}>{t(`courier.${act}.name`)}</p>
              <p className={page.quiet}>{t(`courier.${act}.hint`)}</p>
            </div>
            <Button
              icon={icon}
              onClick={() => work.mutate(act)}
              disabled={work.isPending || (act === "write" && !ready)}
              aria-busy={work.isPending && work.variables === act}
              data-testid={`courier-${act}`}
            >
              {t(`courier.${act}.act`)}
            </Button>
          </li>
        ))}
      </ol>
      {state.data !== undefined && !ready && <p className={page.quiet}>{t("courier.notReady")}</p>}
      {work.isPending && (
        <div className={css.progress}>
          <OutsideProgress />
        </div>
      )}
      {state.error !== null && <ErrorMessage error={state.error} />}
      <div ref={said}>
        {error !== null && <ErrorMessage error={error} />}
        <div role="status">
          {result !== null && (
            <div className={css.result} data-testid="courier-result" data-act={result.act}>
              {result.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
          )}
        </div>
      </div>
    </section>
  );
}

/** Runs an act; what it did, in words, or none when the person chose no file. */
async function run(act: Act, words: Parameters<typeof written>[1]): Promise<string[] | null> {
  switch (act) {
    case "write": {
      const done = await host().courierWrite();
      return done && written(done, words);
    }
    case "carry": {
      const done = await host().courierCarry();
      return done && carried(done, words);
    }
    case "receive": {
      const done = await host().courierReceive();
      return done && received(done, words);
    }
  }
}
