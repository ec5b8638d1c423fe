import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "../../api/query";
import { forgetUnkept } from "../../api/settings";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { TextField } from "../../shared/TextField";
import css from "./LoginForm.module.css";
import { PasswordField } from "./PasswordField";

interface LoginFormProps {
  /** The account of the open desk, when it is only the session that ended. */
  username?: string | undefined;
  onDone?: () => void;
}

/** Account and password. The fields are uncontrolled: nothing rewrites what is being typed. */
export function LoginForm({ username, onDone }: LoginFormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const [missing, setMissing] = useState<{ username?: boolean; password?: boolean }>({});

  const login = useMutation({
    mutationFn: (args: { username: string; password: string }) => host().call("login", args),
    onSuccess: (status, { username: entered }) => {
      // A form that closed after its person had left may have told us something since.
      if (entered !== username) forgetUnkept();
      client.setQueryData(keyOf("session", "app_status", {}), status);
      void client.invalidateQueries();
      onDone?.();
    },
    onError: (error) => {
      if (CommandError.from(error).code === "BAD_CREDENTIALS") passwordField.current?.select();
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (login.isPending) return;
    const name = nameField.current?.value.trim() ?? "";
    const password = passwordField.current?.value ?? "";
    setMissing({ username: name === "", password: password === "" });
    if (name === "") nameField.current?.focus();
    else if (password === "") passwordField.current?.focus();
    else login.mutate({ username: name, password });
  };

  return (
    <form className={css.form} onSubmit={submit} data-testid="login-form" noValidate>
      <TextField
        ref={nameField}
        label={t("login.username")}
        data-testid="login-username"
        name="username"
        defaultValue={username ?? ""}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={username === undefined}
        problem={missing.username ? t("login.usernameMissing") : undefined}
      />
      <PasswordField
        field={passwordField}
        autoFocus={username !== undefined}
        missing={missing.password}
        testId="login-password"
      />
      {login.error !== null && <ErrorMessage error={login.error} />}
      <Button
        tone="main"
        type="submit"
        className={css.submit}
        data-testid="login-submit"
        aria-busy={login.isPending}
      >
        {login.isPending ? t("login.busy") : t("login.submit")}
      </Button>
    </form>
  );
}
