import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "../../api/query";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import css from "./LoginForm.module.css";
import { PasswordField } from "./PasswordField";

/** The password of the person whose desk this is; or somebody else sits down. */
export function UnlockForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState(false);
  const unlock = useMutation({
    mutationFn: (password: string) => host().call("unlock", { password }),
    onSuccess: (status) => {
      client.setQueryData(keyOf("session", "app_status", {}), status);
      void client.invalidateQueries();
    },
    onError: (error) => {
      if (CommandError.from(error).code === "BAD_CREDENTIALS") field.current?.select();
    },
  });
  const leave = useMutation({
    mutationFn: () => host().call("switch_user", {}),
    onSuccess: () => client.resetQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (unlock.isPending) return;
    const password = field.current?.value ?? "";
    setMissing(password === "");
    if (password === "") field.current?.focus();
    else unlock.mutate(password);
  };
  const error = unlock.error ?? leave.error;
  return (
    <form className={css.form} onSubmit={submit} data-testid="unlock-form" noValidate>
      <PasswordField field={field} autoFocus missing={missing} testId="unlock-password" />
      {error !== null && <ErrorMessage error={error} />}
      <Button
        tone="main"
        type="submit"
        className={css.submit}
        data-testid="unlock-submit"
        aria-busy={unlock.isPending}
      >
        {unlock.isPending ? t("lock.busy") : t("lock.unlock")}
      </Button>
      <Button tone="quiet" icon="user" onClick={() => leave.mutate()} data-testid="unlock-other">
        {t("lock.other")}
      </Button>
    </form>
  );
}
