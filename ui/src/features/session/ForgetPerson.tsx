import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonDto } from "../../generated/types";
import { host } from "../../platform";
import { Confirm } from "../../shared/Confirm";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { useNotice } from "../../shared/Toasts";
import css from "./PeopleHere.module.css";

/** Asked once; a second time, with the number, where acts would be lost. */
type Asking = "no" | "first" | { unsent: number | null };

/** Takes a person's data off this machine. */
export function ForgetPerson({ person }: { person: PersonDto }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const [asking, setAsking] = useState<Asking>("no");
  const name = person.full_name ?? person.username;
  const forget = useMutation({
    mutationFn: (unsent_too: boolean) =>
      host().call("person_forget", { username: person.username, unsent_too }),
    onSuccess: ({ gone, unsent }) => {
      if (!gone) return setAsking({ unsent });
      notice(t("login.forgotten", { name }));
      void client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const second = typeof asking === "object" ? asking : null;
  return (
    <>
      <IconButton
        icon="trash"
        label={t("login.forget", { name })}
        onClick={() => setAsking("first")}
        data-testid={`forget-${person.username}`}
      />
      {forget.error !== null && <ErrorMessage error={forget.error} className={css.error} />}
      <Confirm
        open={asking === "first"}
        title={t("login.forgetTitle", { name })}
        text={t("login.forgetText")}
        yes={t("login.forgetYes")}
        onYes={() => forget.mutate(false)}
        onClose={() => setAsking("no")}
      />
      <Confirm
        open={second !== null}
        title={
          second?.unsent == null
            ? t("login.forgetUnknownTitle", { name })
            : t("login.forgetUnsentTitle", { name, count: second.unsent })
        }
        text={t("login.forgetUnsentText")}
        yes={t("login.forgetUnsentYes")}
        onYes={() => forget.mutate(true)}
        onClose={() => setAsking("no")}
      />
    </>
  );
}
