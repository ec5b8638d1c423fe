import { ERROR_CODES } from "../generated/errorCodes";

export type ErrorCode = (typeof ERROR_CODES)[number];

const KNOWN: ReadonlySet<string> = new Set(ERROR_CODES);

/** A failed command: a code and facts for its sentence, never words. */
export class CommandError extends Error {
  readonly code: ErrorCode;
  readonly args: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, args: Record<string, string> = {}) {
    super(code);
    this.name = "CommandError";
    this.code = code;
    this.args = args;
  }

  /** Whatever was thrown, as a `CommandError`; what nobody foresaw is a fault of the program. */
  static from(thrown: unknown): CommandError {
    if (thrown instanceof CommandError) return thrown;
    if (typeof thrown === "object" && thrown !== null && "code" in thrown) {
      const { code, args } = thrown as { code: unknown; args?: Record<string, string> };
      if (typeof code === "string" && KNOWN.has(code)) {
        return new CommandError(code as ErrorCode, args ?? {});
      }
    }
    return new CommandError("INTERNAL");
  }
}
