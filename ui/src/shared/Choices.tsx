import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { ReactNode } from "react";
import css from "./Choices.module.css";

interface Choice {
  id: string;
  title: string;
  facts: ReactNode;
  /** Why it cannot be chosen. */
  disabled?: string | undefined;
}

interface ChoicesProps {
  label: string;
  value: string | undefined;
  choices: readonly Choice[];
  onChoose: (id: string) => void;
  testId: string;
}

/** A list of which one is chosen; what cannot be chosen stays visible with its reason. */
export function Choices({ label, value, choices, onChoose, testId }: ChoicesProps) {
  return (
    <RadioGroup
      aria-label={label}
      value={value ?? ""}
      onValueChange={(id) => onChoose(id as string)}
      className={css.group}
    >
      {choices.map((choice) => (
        <Radio.Root
          key={choice.id}
          value={choice.id}
          disabled={choice.disabled !== undefined}
          className={css.choice}
          data-testid={testId}
          data-id={choice.id}
          aria-label={[choice.title, choice.disabled].filter(Boolean).join(". ")}
        >
          <span className={css.mark} aria-hidden="true" />
          <span className={css.text}>
            <span className={css.title}>{choice.title}</span>
            <span className={css.facts}>{choice.facts}</span>
            {choice.disabled !== undefined && <span className={css.why}>{choice.disabled}</span>}
          </span>
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
