import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import css from "./Segmented.module.css";

interface SegmentedProps<V extends string> {
  label: string;
  /** None while nothing was chosen. */
  value: V | null;
  options: ReadonlyArray<{ value: V; label: string }>;
  onChange: (value: V) => void;
  /** A choice is missing. */
  invalid?: boolean;
}

/** A short choice of which exactly one holds, once it was made. */
export function Segmented<V extends string>({
  label,
  value,
  options,
  onChange,
  invalid = false,
}: SegmentedProps<V>) {
  return (
    <RadioGroup
      aria-label={label}
      aria-invalid={invalid || undefined}
      value={value}
      onValueChange={(next) => onChange(next as V)}
      className={css.group}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={css.option}
          aria-label={option.label}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
