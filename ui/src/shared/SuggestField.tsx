import { type KeyboardEvent, type Ref, useId, useRef, useState } from "react";
import { cx } from "./cx";
import css from "./SuggestField.module.css";

/** Something that can be meant by what is typed. */
export interface Option {
  id: string;
  text: string;
  note: string;
  /** What somebody should know before it is taken. */
  remark?: string;
}

interface SuggestFieldProps {
  label: string;
  labelEnd?: React.ReactNode;
  defaultValue: string;
  find: (text: string) => Option[] | Promise<Option[]>;
  onChosen: (option: Option) => void;
  onInput: (text: string) => void;
  onFocus: () => void;
  onBlur: () => void;
  inputRef: Ref<HTMLInputElement>;
  problem: string | undefined;
  doubtful: boolean;
  /** Only what was chosen counts: it is offered also to who has typed all of it. */
  mustChoose?: boolean;
  testId: string;
}

/** A line of text that is completed from a list: the arrows choose, Enter takes, Escape closes. The
 * list opens by typing only, and nothing in it is chosen before an arrow was pressed, so that Enter
 * keeps its meaning for who types blindly. */
export function SuggestField(props: SuggestFieldProps) {
  const { label, find, onChosen, problem, doubtful, mustChoose = false } = props;
  const id = useId();
  const field = useRef<HTMLInputElement | null>(null);
  const asked = useRef(0);
  const [options, setOptions] = useState<readonly Option[]>([]);
  const [active, setActive] = useState(-1);
  const open = options.length > 0;
  const close = () => {
    asked.current += 1;
    setOptions([]);
    setActive(-1);
  };
  const look = async () => {
    const text = field.current?.value.trim() ?? "";
    asked.current += 1;
    const mine = asked.current;
    const found = text === "" ? [] : await find(text);
    if (mine !== asked.current) return;
    const isSaid = found.length === 1 && found.some((option) => option.text === text);
    setOptions(isSaid && !mustChoose ? [] : found);
    setActive(-1);
  };
  const take = (option: Option) => {
    if (field.current !== null) field.current.value = option.text;
    close();
    onChosen(option);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" && !event.ctrlKey && !open) void look();
    else if (event.key === "ArrowDown" && !event.ctrlKey) {
      setActive((active + 1) % options.length);
    } else if (event.key === "ArrowUp" && !event.ctrlKey && open) {
      setActive(active <= 0 ? options.length - 1 : active - 1);
    } else if (event.key === "Escape" && open) close();
    else if (event.key === "Enter" && !event.ctrlKey && open && options[active] !== undefined) {
      take(options[active]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
        {props.labelEnd}
      </label>
      <input
        id={id}
        ref={(element) => {
          field.current = element;
          if (typeof props.inputRef === "function") props.inputRef(element);
        }}
        className={cx(css.input, doubtful && css.doubtful, problem !== undefined && css.wrong)}
        role="combobox"
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-note`}
        autoComplete="off"
        spellCheck={false}
        defaultValue={props.defaultValue}
        data-testid={props.testId}
        onInput={() => {
          props.onInput(field.current?.value ?? "");
          void look();
        }}
        onFocus={props.onFocus}
        onBlur={() => {
          close();
          props.onBlur();
        }}
        onKeyDown={onKey}
      />
      {open && (
        <div id={`${id}-list`} role="listbox" aria-label={label} className={css.list} data-popup="">
          {options.map((option, at) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
            <div
              key={`${option.id} ${option.text}`}
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === active}
              className={cx(css.option, at === active && css.active)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              <span>{option.text}</span>
              {option.note !== "" && <span className={css.note}>{option.note}</span>}
              {option.remark !== undefined && <span className={css.remark}>{option.remark}</span>}
            </div>
          ))}
        </div>
      )}
      {problem !== undefined && (
        <p id={`${id}-note`} className={css.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
