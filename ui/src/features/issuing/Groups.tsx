import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf, useRead } from "../../api/query";
import type { RecipientDto, RecipientGroupDto, RecipientGroupPut } from "../../generated/types";
import { isKey } from "../../keymap";
import { CommandError, host } from "../../platform";
import { Button } from "../../shared/Button";
import { Confirm } from "../../shared/Confirm";
import { IconButton } from "../../shared/IconButton";
import { TextField } from "../../shared/TextField";
import css from "./Issuing.module.css";

interface GroupsProps {
  /** Who is chosen now: can be kept under a name. */
  members: readonly RecipientDto[];
  onTake: (members: readonly RecipientDto[]) => void;
}

/** Which group is being named: one of those that are kept, or a new one of who is chosen. */
type Naming = RecipientGroupDto | "new" | null;

/** The groups of recipients that this person keeps: taken, kept, renamed, forgotten. */
export function Groups({ members, onTake }: GroupsProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: groups = [] } = useRead("settings", "recipient_groups", {});
  const [naming, setNaming] = useState<Naming>(null);
  const [leaving, setLeaving] = useState<RecipientGroupDto | null>(null);
  const keep = (all: RecipientGroupDto[]) =>
    client.setQueryData(keyOf("settings", "recipient_groups", {}), all);
  const put = useMutation({
    mutationFn: (args: RecipientGroupPut) => host().call("recipient_group_put", args),
    onSuccess: (all) => {
      keep(all);
      setNaming(null);
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => host().call("recipient_group_remove", { id }),
    onSuccess: keep,
  });
  const name = (what: Naming) => {
    put.reset();
    setNaming(what);
  };
  return (
    <section className={css.groups} aria-label={t("issuing.groups")} data-testid="groups">
      <h3 className={css.quiet}>{t("issuing.groups")}</h3>
      {groups.length === 0 && members.length === 0 && (
        <p className={css.quiet}>{t("issuing.noGroups")}</p>
      )}
      {groups.map((group) =>
        naming !== null && naming !== "new" && naming.id === group.id ? (
          <NameForm
            key={group.id}
            group={group}
            busy={put.isPending}
            error={put.error}
            onName={(as) => put.mutate({ id: group.id, name: as, members: group.members })}
            onClose={() => name(null)}
          />
        ) : (
          <div key={group.id} className={css.group} data-testid="group" data-name={group.name}>
            <button
              type="button"
              className={css.take}
              onClick={() => onTake(group.members)}
              data-testid="group-take"
            >
              <span className={css.name}>{group.name}</span>
              <span className={css.quiet}>
                {t("issuing.groupCount", { count: group.members.length })}
              </span>
            </button>
            <IconButton
              icon="sign"
              label={t("issuing.rename", { name: group.name })}
              onClick={() => name(group)}
              data-testid="group-rename"
            />
            <IconButton
              icon="trash"
              label={t("issuing.forget", { name: group.name })}
              onClick={() => setLeaving(group)}
              data-testid="group-forget"
            />
          </div>
        ),
      )}
      {naming === "new" ? (
        <NameForm
          group={null}
          busy={put.isPending}
          error={put.error}
          onName={(as) => put.mutate({ id: null, name: as, members: [...members] })}
          onClose={() => name(null)}
        />
      ) : (
        members.length > 0 && (
          <span>
            <Button tone="quiet" icon="plus" onClick={() => name("new")} data-testid="group-new">
              {t("issuing.keepGroup")}
            </Button>
          </span>
        )
      )}
      <Confirm
        open={leaving !== null}
        title={t("issuing.forgetTitle", { name: leaving?.name ?? "" })}
        text={t("issuing.forgetText")}
        yes={t("issuing.forgetYes")}
        onYes={() => leaving !== null && remove.mutate(leaving.id)}
        onClose={() => setLeaving(null)}
      />
    </section>
  );
}

interface NameFormProps {
  group: RecipientGroupDto | null;
  busy: boolean;
  error: unknown;
  onName: (name: string) => void;
  onClose: () => void;
}

/** A line for a group's name: Enter keeps it, Escape leaves it as it was. */
function NameForm({ group, busy, error, onName, onClose }: NameFormProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const refused = error == null ? null : CommandError.from(error);
  // The code decides the key at run time; the completeness test proves that every code has one.
  const say = t as (key: string, options: object) => string;
  const problem =
    refused === null
      ? undefined
      : `${say(`err.${refused.code}`, { replace: refused.args })} (${refused.code})`;
  const send = () => {
    if (!busy) onName(field.current?.value ?? "");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const entered = event.key === "Enter" && !event.ctrlKey;
    if (!entered && !isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    if (entered) send();
    else onClose();
  };
  return (
    <div className={css.naming} data-testid="group-naming">
      <TextField
        ref={field}
        label={t(group === null ? "issuing.groupName" : "issuing.groupRename")}
        defaultValue={group?.name ?? ""}
        problem={problem}
        autoFocus
        autoComplete="off"
        onKeyDown={onKeyDown}
        data-testid="group-name"
      />
      <div className={css.namingActs}>
        <Button tone="quiet" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button onClick={send} aria-busy={busy} data-testid="group-keep">
          {t("issuing.keep")}
        </Button>
      </div>
    </div>
  );
}
