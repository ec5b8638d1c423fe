import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../shared/icons/Icon";
import { TextField } from "../../shared/TextField";
import css from "./LoginForm.module.css";

interface PasswordFieldProps {
  field: RefObject<HTMLInputElement | null>;
  autoFocus: boolean;
  /** Nothing was typed. */
  missing: boolean | undefined;
  testId: string;
}

/** A password: hidden unless the eye is pressed, with a word where Caps Lock is on. */
export function PasswordField({ field, autoFocus, missing, testId }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  return (
    <TextField
      ref={field}
      label={t("login.password")}
      data-testid={testId}
      name="password"
      type={shown ? "text" : "password"}
      autoComplete="current-password"
      spellCheck={false}
      autoFocus={autoFocus}
      onKeyDown={(event) => setCapsLock(event.getModifierState("CapsLock"))}
      problem={missing ? t("login.passwordMissing") : undefined}
      note={capsLock ? t("login.capsLock") : undefined}
      end={
        <button
          type="button"
          className={css.eye}
          aria-label={shown ? t("login.hide") : t("login.show")}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? "eyeOff" : "eye"} />
        </button>
      }
    />
  );
}
