import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { I18nextProvider } from "react-i18next";
import { useChanges } from "./api/changes";
import { createQueryClient } from "./api/query";
import { useAppearance } from "./features/settings/appearance";
import { i18n } from "./i18n";
import { CrashScreen } from "./shared/CrashScreen";
import { Toasts } from "./shared/Toasts";
import { Gate } from "./views/Gate";

/** The face: what every screen needs around it. */
export function App() {
  const [client] = useState(createQueryClient);
  return (
    <I18nextProvider i18n={i18n}>
      <CrashScreen>
        <CSPProvider disableStyleElements>
          <QueryClientProvider client={client}>
            <Tooltip.Provider delay={500}>
              <Toasts>
                <Live />
              </Toasts>
            </Tooltip.Provider>
          </QueryClientProvider>
        </CSPProvider>
      </CrashScreen>
    </I18nextProvider>
  );
}

function Live() {
  useChanges();
  useAppearance();
  return <Gate />;
}
