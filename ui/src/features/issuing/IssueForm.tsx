import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentDetail, RecipientDto } from "../../generated/types";
import { isKey } from "../../keymap";
import { CommandError } from "../../platform";
import { cx } from "../../shared/cx";
import { ErrorMessage } from "../../shared/ErrorMessage";
import { FormFoot } from "../../shared/FormFoot";
import { IconButton } from "../../shared/IconButton";
import { SuggestField } from "../../shared/SuggestField";
import box from "../../shared/SuggestField.module.css";
import { useKept } from "../handling/kept";
import type { Acting } from "../handling/useHandling";
import words from "../handling/WordsField.module.css";
import { offered } from "../intake/agencies";
import { Groups } from "./Groups";
import css from "./Issuing.module.css";
import { added, EMPTY_ISSUE, linesOf } from "./recipients";
import { usePagePlaces } from "./usePagePlaces";

interface IssueFormProps {
  detail: DocumentDetail;
  acting: Acting;
}

/** To whom a document is issued: agencies of the directory, groups of them, and further lines of “Nơi
 * nhận”. What is filled in outlives the window; the network is not asked. */
export function IssueForm({ detail, acting }: IssueFormProps) {
  const { t } = useTranslation();
  const root = useRef<HTMLFormElement>(null);
  const find = useRef<HTMLInputElement>(null);
  const { value, kept, change, keep, clear } = useKept(
    `draft.act.${detail.row.id}.issue`,
    EMPTY_ISSUE,
  );
  const refused = acting.error == null ? null : CommandError.from(acting.error);
  const said = refused?.code === "ACT_FIELD" ? (refused.args.field ?? "") : null;
  /** What the face itself finds: somebody twice, or without a code to be sent to. */
  const [doubt, setDoubt] = useState<{ kind: "twice" | "noCode"; name: string } | null>(null);
  const [mended, setMended] = useState(false);
  const faulty = mended ? null : said;

  useEffect(() => find.current?.focus(), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal leads back to its field.
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faulty, acting.error]);

  // What stands on the page is filled in once, where nobody has filled in anything yet.
  const isUntouched = !kept && value.to.length === 0 && value.places === "";
  const [mayRead] = useState(isUntouched);
  const [isRead, setRead] = useState(false);
  const main = detail.files.find((file) => file.role === "main");
  const onPage = usePagePlaces(main, mayRead);
  useEffect(() => {
    if (onPage === undefined || isRead || !mayRead) return;
    if (!isUntouched || (onPage.to.length === 0 && onPage.places === "")) return;
    setRead(true);
    change(onPage);
  }, [onPage, isRead, mayRead, isUntouched, change]);

  const edit = (patch: Partial<typeof value>) => {
    setMended(true);
    change(patch);
  };
  /** Those who are not there yet come behind the others; who is there already is said. */
  const add = (agencies: readonly RecipientDto[]) => {
    const { to, twice } = added(value.to, agencies);
    setDoubt(twice === undefined ? null : { kind: "twice", name: twice.name });
    if (to.length > value.to.length) edit({ to });
  };
  const choose = (agency: RecipientDto) => {
    if (agency.code === "") setDoubt({ kind: "noCode", name: agency.name });
    else add([agency]);
    if (find.current !== null) find.current.value = "";
  };
  const remove = (code: string) => {
    setDoubt(null);
    edit({ to: value.to.filter((one) => one.code !== code) });
    find.current?.focus();
  };
  const send = () => {
    if (acting.busy) return;
    // What was typed and not chosen is nobody.
    if ((find.current?.value.trim() ?? "") !== "") {
      setDoubt({ kind: "noCode", name: find.current?.value.trim() ?? "" });
      find.current?.focus();
      return;
    }
    setDoubt(null);
    setMended(false);
    keep();
    const act = { act: "issue", to: value.to, places: linesOf(value.places) } as const;
    void acting.submit(act).then((done) => {
      if (done) clear();
    });
  };
  const onSendKey = (event: KeyboardEvent) => {
    if (!isKey(event.nativeEvent, "act.send")) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.nativeEvent.repeat) send();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    // Enter in the field of agencies ends what is typed; the act has its own key.
    if (event.key === "Enter" && event.target === find.current) event.preventDefault();
    if (!isKey(event.nativeEvent, "back")) return;
    event.preventDefault();
    event.stopPropagation();
    acting.close();
  };
  const problem =
    doubt !== null
      ? t(`issuing.problem.${doubt.kind}`, { name: doubt.name })
      : faulty === "to"
        ? `${t("issuing.problem.to")} (ACT_FIELD)`
        : undefined;
  const placesProblem =
    faulty === "places" ? `${t("issuing.problem.places")} (ACT_FIELD)` : undefined;
  return (
    <form
      ref={root}
      className={css.form}
      noValidate
      onKeyDownCapture={onSendKey}
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      data-testid="act-form-issue"
    >
      {refused !== null && refused.code !== "ACT_FIELD" && <ErrorMessage error={refused} />}
      {isRead && (
        <p className={css.quiet} data-testid="issue-read">
          {t("issuing.fromPage")}
        </p>
      )}
      <SuggestField
        label={t("issuing.find")}
        defaultValue=""
        find={(text) => offered(text, null, t)}
        onChosen={(option) => choose({ code: option.id, name: option.text })}
        onInput={() => setDoubt(null)}
        onFocus={() => undefined}
        onBlur={keep}
        inputRef={(element) => {
          find.current = element;
        }}
        problem={problem}
        doubtful={false}
        mustChoose
        testId="issue-find"
      />
      <div>
        <p
          className={cx(css.quiet, css.count)}
          data-testid="issue-count"
          data-count={value.to.length}
        >
          {t("issuing.chosen", { count: value.to.length })}
        </p>
        {value.to.length > 0 && (
          // A list that scrolls can be scrolled by keys too.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
          <ul className={css.chosen} tabIndex={0} aria-label={t("issuing.recipients")}>
            {value.to.map((one) => (
              <li key={one.code} data-testid="issue-recipient" data-code={one.code}>
                <span>
                  {one.name} <span className={css.quiet}>· {one.code}</span>
                </span>
                <IconButton
                  icon="close"
                  label={t("issuing.remove", { name: one.name })}
                  onClick={() => remove(one.code)}
                  data-testid="issue-remove"
                />
              </li>
            ))}
          </ul>
        )}
      </div>
      <Groups members={value.to} onTake={add} />
      <PlacesField
        // An uncontrolled field shows what was read only as a new one.
        key={isRead ? "read" : ""}
        defaultValue={value.places}
        onInput={(places) => edit({ places })}
        onBlur={keep}
        problem={placesProblem}
      />
      <FormFoot
        edge="panel"
        kept={kept}
        busy={acting.busy}
        label={t("act.do.issue")}
        onCancel={acting.close}
      />
    </form>
  );
}

interface PlacesFieldProps {
  defaultValue: string;
  onInput: (text: string) => void;
  onBlur: () => void;
  problem: string | undefined;
}

/** Lines of “Nơi nhận” that are no agency of the directory. */
function PlacesField({ defaultValue, onInput, onBlur, problem }: PlacesFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div>
      <label className={words.label} htmlFor={id}>
        {t("issuing.places")}
      </label>
      <textarea
        id={id}
        className={cx(box.input, words.area, problem !== undefined && box.wrong)}
        rows={3}
        defaultValue={defaultValue}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        onInput={(event) => onInput(event.currentTarget.value)}
        onBlur={onBlur}
        data-testid="issue-places"
      />
      <p id={`${id}-note`} className={problem === undefined ? css.quiet : css.problem}>
        {problem ?? t("issuing.placesNote")}
      </p>
    </div>
  );
}
