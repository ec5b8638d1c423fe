import { useTranslation } from "react-i18next";
import { useRead } from "../../api/query";
import { Button } from "../../shared/Button";
import { ForgetPerson } from "./ForgetPerson";
import css from "./PeopleHere.module.css";

/** Who has used this machine; choosing one fills in the account. */
export function PeopleHere({ onChoose }: { onChoose: (username: string) => void }) {
  const { t } = useTranslation();
  const { data = [] } = useRead("session", "people", {});
  if (data.length === 0) return null;
  return (
    <section className={css.people} aria-label={t("login.people")}>
      <h2 className={css.title}>{t("login.people")}</h2>
      <ul className={css.list}>
        {data.map((person) => (
          <li key={person.username} className={css.person}>
            <Button
              icon="user"
              onClick={() => onChoose(person.username)}
              data-testid={`person-${person.username}`}
            >
              {person.full_name ?? person.username}
              {person.unsent > 0 && ` · ${t("network.unsent", { count: person.unsent })}`}
            </Button>
            <ForgetPerson person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}
