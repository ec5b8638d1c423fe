import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { I18nextProvider } from "react-i18next";
import { useChanges } from "../api/changes";
import { createQueryClient } from "../api/query";
import { i18n } from "../i18n";
import { Toasts } from "../shared/Toasts";

function Live({ children }: { children: ReactNode }) {
  useChanges();
  return children;
}

/** Renders a component with what every screen has around it. */
export function show(element: ReactNode) {
  return render(
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={createQueryClient()}>
        <Tooltip.Provider>
          <Toasts>
            <Live>{element}</Live>
          </Toasts>
        </Tooltip.Provider>
      </QueryClientProvider>
    </I18nextProvider>,
  );
}
