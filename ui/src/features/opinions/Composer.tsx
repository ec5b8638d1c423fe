import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSettings } from "../../api/settings";
import { isKey, keyLabel } from "../../keymap";
import { host } from "../../platform";
import { Button } from "../../shared/Button";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { IconButton } from "../../shared/IconButton";
import { Segmented } from "../../shared/Segmented";
import { useNotice } from "../../shared/Toasts";
import css from "./Composer.module.css";
import { isWhole } from "./notes";
import type { Noting } from "./useNotes";

interface ComposerProps {
  document: string;
  /** A leader may give a direction on an incoming document. */
  mayDirect: boolean;
  /** The place on a page that it is a note on; the note was written or is given up. */
  noting?: Noting | null;
  onNoted?: () => void;
  /** The note is on its page as a whole. */
  onWhole?: () => void;
  /** The user asked to write: the field takes the focus, and says that it has. */
  writing: boolean;
  onWriting: () => void;
}

type Kind = "opinion" | "direction";

/** After this pause in typing the draft is kept, so that a crash loses no more than it. */
const KEEP_MS = 700;
/** What a remembered value can hold. */
const DRAFT_LIMIT = 4000;

/** The field for an opinion: uncontrolled, its draft kept per document, sent with Ctrl+Enter. */
export function Composer(props: ComposerProps) {
  const { document: id, mayDirect, noting = null, onNoted, onWhole, writing, onWriting } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const notice = useNotice();
  const { read, remember } = useSettings();
  const field = useRef<HTMLTextAreaElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [kind, setKind] = useState<Kind>(mayDirect ? "direction" : "opinion");
  const [kept, setKept] = useState(false);
  const draftKey = `draft.${id}`;
  const [draft] = useState(() => read(draftKey) ?? "");

  const keep = () => {
    clearTimeout(timer.current);
    const text = field.current?.value ?? "";
    if (text === (read(draftKey) ?? "") || text.length > DRAFT_LIMIT) return;
    void remember(draftKey, text).then((done) => {
      if (done && field.current?.value === text) setKept(text !== "");
    });
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!writing) return;
    field.current?.focus();
    onWriting();
  }, [writing, onWriting]);

  const send = useMutation({
    mutationFn: (text: string) =>
      noting === null
        ? host().call("opinion_add", { document: id, kind, text })
        : host().call("note_add", { document: id, place: noting.place, text }),
    onSuccess: () => {
      clearTimeout(timer.current);
      if (field.current !== null) field.current.value = "";
      void remember(draftKey, "");
      setKept(false);
      onNoted?.();
      notice(
        t(noting === null ? "opinions.sentToast" : "notes.sentToast"),
        t("opinions.sentToastText"),
      );
      void client.invalidateQueries({ queryKey: ["documents"] });
    },
  });
  const submit = () => {
    if (!send.isPending) send.mutate((field.current?.value ?? "").trim());
  };
  const onKey = (event: KeyboardEvent) => {
    if (isKey(event.nativeEvent, "opinion.send")) {
      event.preventDefault();
      event.stopPropagation();
      submit();
    }
  };
  const direction = kind === "direction" && noting === null;

  return (
    <div className={css.composer}>
      {noting !== null && (
        <div className={css.noting} data-testid="noting">
          <div className={css.place}>
            <span className={css.words}>
              <b>{t("notes.on", { number: noting.place.page + 1 })}</b>
              {noting.text !== "" && ` “${noting.text}”`}
            </span>
            {noting.isFree && (
              <span className={css.hint}>
                {t(isWhole(noting.place) ? "notes.whole" : "notes.draw")}
              </span>
            )}
            {noting.isFree && !isWhole(noting.place) && (
              <button type="button" className={css.link} onClick={onWhole}>
                {t("notes.toWhole")}
              </button>
            )}
          </div>
          <IconButton icon="close" label={t("notes.stop")} onClick={() => onNoted?.()} />
        </div>
      )}
      {mayDirect && noting === null && (
        <Segmented
          label={t("opinions.kind")}
          value={kind}
          options={[
            { value: "direction", label: t("opinions.direction") },
            { value: "opinion", label: t("opinions.opinion") },
          ]}
          onChange={setKind}
        />
      )}
      <textarea
        ref={field}
        className={css.field}
        rows={4}
        defaultValue={draft}
        aria-label={t(
          noting !== null
            ? "notes.write"
            : direction
              ? "opinions.writeDirection"
              : "opinions.write",
        )}
        placeholder={t(
          noting !== null
            ? "notes.placeholder"
            : direction
              ? "opinions.placeholderDirection"
              : "opinions.placeholder",
        )}
        data-testid="opinion-text"
        onInput={() => {
          setKept(false);
          clearTimeout(timer.current);
          timer.current = setTimeout(keep, KEEP_MS);
        }}
        onBlur={keep}
        onKeyDown={onKey}
      />
      {send.error !== null && <ErrorMessage error={send.error} />}
      <div className={css.foot}>
        <span className={css.kept}>{kept ? t("opinions.draftKept") : ""}</span>
        <Button
          tone="main"
          shortcut={keyLabel("opinion.send")}
          onClick={submit}
          aria-busy={send.isPending}
          data-testid="opinion-send"
        >
          {send.isPending
            ? t("opinions.sending")
            : t(noting === null ? "opinions.send" : "notes.send")}
        </Button>
      </div>
    </div>
  );
}
