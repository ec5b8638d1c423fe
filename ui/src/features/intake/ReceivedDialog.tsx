import { RegisterDialog } from "./RegisterDialog";
import type { KnownLine } from "./RegisterReportView";
import type { Received } from "./useReceived";
import { useRegister } from "./useRegister";

interface ReceivedDialogProps {
  open: boolean;
  came: Received;
  onClose: () => void;
}

/** One act for what is chosen of what came over the axis, then the report with the numbers. */
export function ReceivedDialog({ open, came, onClose }: ReceivedDialogProps) {
  const register = useRegister(came.chosen);
  // The marks are gone when the report is read; what was registered is still in the list.
  const known = new Map<string, KnownLine>(
    came.entries.map((entry) => [
      entry.document,
      {
        title: `${entry.notation} ${entry.subject}`.trim(),
        number: entry.registered?.number ?? null,
      },
    ]),
  );
  return (
    <RegisterDialog
      open={open}
      count={came.chosen.length}
      register={register}
      known={known}
      onClose={() => {
        came.clear();
        onClose();
      }}
      onSeal={() => undefined}
    />
  );
}
