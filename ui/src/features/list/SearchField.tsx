import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isKey, keyLabel } from "../../keymap";
import { Icon } from "../../shared/icons/Icon";
import { useShortcut } from "../../shared/useShortcut";
import css from "./SearchField.module.css";

interface SearchFieldProps {
  section: string;
  value: string;
  onSearch: (text: string) => void;
  /** The arrow leaves the field for the list. */
  onDown: () => void;
  /** What can be looked for; without it what lists are looked through for. */
  placeholder?: string;
  /** A pause in typing as long as this, in milliseconds, starts the search. */
  pause?: number;
}

/** A pause in typing as long as this starts the search. */
const PAUSE_MS = 90;

/** Search here. The field is uncontrolled; a syllable is looked for while an input method still composes
 * it, because it ends only with the space behind it. */
export function SearchField(props: SearchFieldProps) {
  const { section, value, onSearch, onDown, placeholder, pause = PAUSE_MS } = props;
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [filled, setFilled] = useState(value !== "");

  useShortcut("search", () => {
    field.current?.focus();
    field.current?.select();
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  // Another place cleared the search: follow, unless the user is typing here.
  useEffect(() => {
    if (field.current === null || document.activeElement === field.current) return;
    field.current.value = value;
    setFilled(value !== "");
  }, [value]);

  const search = (delay: number) => {
    const text = field.current?.value ?? "";
    setFilled(text !== "");
    clearTimeout(timer.current);
    if (delay === 0) onSearch(text.trim());
    else timer.current = setTimeout(() => onSearch(text.trim()), delay);
  };
  const clear = () => {
    if (field.current !== null) field.current.value = "";
    search(0);
  };

  return (
    <search className={css.box}>
      <Icon name="search" />
      <input
        ref={field}
        type="text"
        defaultValue={value}
        className={css.input}
        placeholder={placeholder ?? t("list.search")}
        aria-label={t("list.searchLabel", { section })}
        autoComplete="off"
        spellCheck={false}
        data-testid="search"
        onInput={() => search(pause)}
        onKeyDown={(event) => {
          if (isKey(event.nativeEvent, "back")) {
            event.preventDefault();
            if (field.current?.value === "") onDown();
            else clear();
          } else if (event.key === "Enter" || isKey(event.nativeEvent, "list.down")) {
            event.preventDefault();
            if (event.key === "Enter") search(0);
            onDown();
          }
        }}
      />
      {filled ? (
        <button
          type="button"
          className={css.clear}
          aria-label={t("list.searchClear")}
          onClick={() => {
            clear();
            field.current?.focus();
          }}
        >
          <Icon name="close" />
        </button>
      ) : (
        <span className={css.key} aria-hidden="true">
          {keyLabel("search")}
        </span>
      )}
    </search>
  );
}
