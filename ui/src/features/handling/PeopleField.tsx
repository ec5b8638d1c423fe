import { type KeyboardEvent, memo, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OfficePersonDto } from "../../generated/types";
import { isKey, type KeyId, keyLabel } from "../../keymap";
import { cx } from "../../shared/cx";
import { Icon } from "../../shared/icons/Icon";
import { fold } from "../intake/kinds";
import type { Part } from "./draft";
import css from "./PeopleField.module.css";

interface PeopleFieldProps {
  label: string;
  people: readonly OfficePersonDto[];
  /** What somebody can be chosen for; `lead` always one only. */
  offered: readonly Part[];
  /** The names of the parts where they are not the usual ones. */
  words?: Partial<Record<Part, string>> | undefined;
  /** What somebody must be to lead; none where anybody may. */
  mayLead?: readonly string[] | undefined;
  value: Readonly<Record<string, Part>>;
  onChange: (value: Record<string, Part>) => void;
  problem: string | undefined;
}

const PART_KEYS: ReadonlyArray<readonly [KeyId, Part | null]> = [
  ["people.lead", "lead"],
  ["people.support", "support"],
  ["people.inform", "inform"],
  ["people.none", null],
];

/** Who leads, who supports, who is informed: one list of the office, each person in one part at
 * most, exactly one leading. The filter is one tab stop, the list the other. */
export const PeopleField = memo(function PeopleField(props: PeopleFieldProps) {
  const { label, people, offered, words, mayLead, value, onChange, problem } = props;
  const { t } = useTranslation();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [current, setCurrent] = useState(0);
  const folded = useMemo(
    () => people.map(({ name, unit, position }) => fold(`${name} ${unit} ${position}`)),
    [people],
  );
  const wanted = fold(typed);
  const found = people.filter((_, i) => folded[i]?.includes(wanted));
  const at = Math.min(current, found.length - 1);

  const may = (person: OfficePersonDto, part: Part) =>
    part !== "lead" ||
    mayLead === undefined ||
    [person, ...person.further].some((post) => mayLead.includes(post.role));
  const roleName = (part: Part) => words?.[part] ?? t(`role.${part}`);
  const give = (account: string, part: Part | null) => {
    const next = Object.fromEntries(
      Object.entries(value).filter(
        ([other, each]) => other !== account && !(part === "lead" && each === "lead"),
      ),
    );
    onChange(part === null ? next : { ...next, [account]: part });
  };
  const cycle = (person: OfficePersonDto) => {
    const { account } = person;
    const has = value[account];
    const order = offered.filter((part) => {
      if (!may(person, part)) return false;
      const taken = Object.entries(value).some(
        ([other, each]) => other !== account && each === part,
      );
      return part !== "lead" || offered.length === 1 || has === "lead" || !taken;
    });
    give(account, order[has === undefined ? 0 : order.indexOf(has) + 1] ?? null);
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setCurrent(next);
    list.current?.children[next]?.scrollIntoView?.({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    const key = event.nativeEvent;
    const person = found[at];
    const part = PART_KEYS.find(([binding]) => isKey(key, binding));
    // A letter pressed here is meant for nothing behind the form.
    if (key.key.length === 1 && !key.ctrlKey && !key.metaKey) event.stopPropagation();
    if (isKey(key, "list.down")) move(at + 1);
    else if (isKey(key, "list.up")) move(at - 1);
    else if (isKey(key, "list.first")) move(0);
    else if (isKey(key, "list.last")) move(found.length - 1);
    else if (person === undefined) return;
    else if (part !== undefined && (part[1] === null || offered.includes(part[1]))) {
      if (part[1] === null || may(person, part[1])) give(person.account, part[1]);
    } else if (isKey(key, "people.cycle")) cycle(person);
    else return;
    event.preventDefault();
  };
  const partKeys = offered
    .map((part) => `${keyLabel(`people.${part}`)} ${roleName(part).toLocaleLowerCase()}`)
    .join(", ");
  const name = (part: Part) =>
    people.filter((person) => value[person.account] === part).map((person) => person.name);

  if (people.length === 0) {
    return (
      <div>
        <p className={css.label}>{label}</p>
        <p className={css.nobody}>{t("act.nobody")}</p>
        {problem !== undefined && <p className={css.problem}>{problem}</p>}
      </div>
    );
  }
  return (
    <div>
      <div className={css.top}>
        <label className={css.label} htmlFor={id}>
          {label}
        </label>
        <input
          id={id}
          className={css.filter}
          placeholder={t("act.findPerson")}
          autoComplete="off"
          spellCheck={false}
          data-testid="people-find"
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setCurrent(0);
          }}
          onKeyDown={(event) => {
            const key = event.nativeEvent;
            if (!(isKey(key, "list.down") || isKey(key, "list.open"))) return;
            event.preventDefault();
            list.current?.focus();
          }}
        />
      </div>
      <div
        ref={list}
        className={cx(css.list, problem !== undefined && css.wrong)}
        role="listbox"
        tabIndex={0}
        aria-multiselectable={offered.length > 1}
        aria-label={label}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        data-testid="people-list"
        onKeyDown={onKey}
      >
        {found.map((person, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys.
          <div
            key={person.account}
            id={`${id}-${i}`}
            role="option"
            aria-selected={value[person.account] !== undefined}
            aria-label={[
              person.name,
              person.position,
              person.unit,
              value[person.account] === undefined ? "" : roleName(value[person.account] as Part),
            ]
              .filter((each) => each !== "")
              .join(", ")}
            className={cx(css.person, i === at && css.current)}
            data-testid="person"
            data-part={value[person.account] ?? ""}
            onClick={() => setCurrent(i)}
          >
            <span className={css.who}>
              <span className={css.name}>{person.name}</span>
              <span className={css.unit}>
                {person.position} · {person.unit}
              </span>
            </span>
            <span className={css.parts}>
              {offered
                .filter((part) => may(person, part))
                .map((part) => (
                  // biome-ignore lint/a11y/noStaticElementInteractions: the listbox has the key; this is for the mouse.
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the key.
                  <span
                    key={part}
                    className={cx(css.part, value[person.account] === part && css.chosen)}
                    title={roleName(part)}
                    data-testid={`part-${part}`}
                    onClick={() =>
                      give(person.account, value[person.account] === part ? null : part)
                    }
                  >
                    {value[person.account] === part && <Icon name="check" />}
                    {words?.[part] ?? t(`act.part.${part}`)}
                  </span>
                ))}
            </span>
          </div>
        ))}
        {found.length === 0 && <p className={css.nobody}>{t("act.noPerson")}</p>}
      </div>
      <p
        id={`${id}-note`}
        className={problem === undefined ? css.note : css.problem}
        data-testid="people-note"
      >
        {problem ??
          (Object.keys(value).length === 0
            ? offered.length > 1
              ? t("act.peopleKeys", { parts: partKeys, none: keyLabel("people.none") })
              : t("act.personKeys", {
                  lead: keyLabel("people.lead"),
                  none: keyLabel("people.none"),
                })
            : offered
                .filter((part) => name(part).length > 0)
                .map((part) => `${roleName(part)}: ${name(part).join(", ")}`)
                .join(" · "))}
      </p>
    </div>
  );
});
