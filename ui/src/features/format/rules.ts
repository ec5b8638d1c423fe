import type { FORMAT_RULES } from "../../generated/formatRules";

/** A part of the letter and what about it is checked. */
export type FormatRule = (typeof FORMAT_RULES)[number];
