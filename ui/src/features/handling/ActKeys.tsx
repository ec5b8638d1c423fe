import { useShortcut } from "../../shared/useShortcut";
import { ACTS, type ActKind } from "./acts";

interface ActKeyProps {
  act: ActKind;
  allowed: readonly ActKind[];
  onStart: (act: ActKind) => void;
}

/** The keys of the acts: each works while its act is possible. */
export function ActKeys({ allowed, onStart }: Omit<ActKeyProps, "act">) {
  return ACTS.map((act) => <ActKey key={act} act={act} allowed={allowed} onStart={onStart} />);
}

function ActKey({ act, allowed, onStart }: ActKeyProps) {
  useShortcut(`act.${act}`, () => onStart(act), allowed.includes(act));
  return null;
}
