import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./App";
import { paintAsLastTime } from "./features/settings/appearance";
import { keepKeysOfInputMethods, keepSyllablesInTheirFields } from "./shared/inputMethod";

keepKeysOfInputMethods(window);
keepSyllablesInTheirFields(window);
paintAsLastTime();
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
