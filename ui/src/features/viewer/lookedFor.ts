import { createContext } from "react";

/** The words by which the open document was found: its pages are opened where they stand. */
export const LookedFor = createContext("");
