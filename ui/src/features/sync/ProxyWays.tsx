import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import type { ProxyArgs, ProxyDto, ProxyWay } from "../../generated/types";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { Segmented } from "../../shared/Segmented";
import { TextField } from "../../shared/TextField";
import { useNotice } from "../../shared/Toasts";
import page from "../../views/Page.module.css";
import css from "./Centre.module.css";

const WAYS: readonly ProxyWay[] = ["system", "none", "manual"];

/** The office's way to the server, tried before it is kept. */
export function ProxyWays() {
  const { t } = useTranslation();
  const kept = useRead("settings", "proxy_get", {});
  return (
    <section className={page.group} aria-label={t("sync.proxy.title")}>
      <h2 className={page.groupTitle}>{t("sync.proxy.title")}</h2>
      {kept.data !== undefined && <ProxyForm key={JSON.stringify(kept.data)} kept={kept.data} />}
    </section>
  );
}

function ProxyForm({ kept }: { kept: ProxyDto }) {
  const { t } = useTranslation();
  const notice = useNotice();
  const [way, setWay] = useState<ProxyWay>(kept.way);
  const url = useRef<HTMLInputElement>(null);
  const user = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const args = (): ProxyArgs => ({
    way,
    url: url.current?.value.trim() || null,
    user: user.current?.value.trim() || null,
    password: password.current?.value || null,
  });
  const test = useMutation({
    mutationFn: () => host().call("proxy_test", args()),
    onSuccess: () => notice(t("sync.proxy.works")),
  });
  const save = useMutation({
    mutationFn: () => host().call("proxy_set", args()),
    onSuccess: () => notice(t("sync.proxy.kept")),
  });
  const error = test.error ?? save.error;
  return (
    <div className={css.box} data-testid="proxy">
      <Segmented
        label={t("sync.proxy.title")}
        value={way}
        options={WAYS.map((value) => ({ value, label: t(`sync.proxy.way.${value}`) }))}
        onChange={setWay}
      />
      {way === "manual" && (
        <div className={css.line}>
          <TextField
            ref={url}
            label={t("sync.proxy.url")}
            placeholder="http://10.0.0.1:3128"
            defaultValue={kept.url ?? ""}
            spellCheck={false}
          />
          <TextField
            ref={user}
            label={t("sync.proxy.user")}
            defaultValue={kept.user ?? ""}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            ref={password}
            label={t("sync.proxy.password")}
            type="password"
            autoComplete="off"
            note={kept.password_kept ? t("sync.proxy.passwordKept") : undefined}
          />
        </div>
      )}
      {error !== null && <ErrorMessage error={error} />}
      <div className={css.line}>
        <Button onClick={() => test.mutate()} aria-busy={test.isPending}>
          {t("sync.proxy.test")}
        </Button>
        <Button onClick={() => save.mutate()}>{t("sync.proxy.save")}</Button>
      </div>
    </div>
  );
}
