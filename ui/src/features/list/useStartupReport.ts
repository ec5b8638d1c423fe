import { useEffect } from "react";
import { host } from "../../platform";

let reported = false;

/** Tells the core once when the window became usable: the list is painted and its first row can
 * be selected. */
export function useStartupReport(listReady: boolean): void {
  useEffect(() => {
    if (!listReady || reported) return;
    // The first frame after the commit paints the list; the second proves that it was painted.
    const frame = requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const paint = performance.getEntriesByName("first-contentful-paint")[0];
        if (reported || paint === undefined) return;
        reported = true;
        host()
          .call("report_startup", {
            first_paint_at: Math.round(performance.timeOrigin + paint.startTime),
            usable_at: Math.round(performance.timeOrigin + performance.now()),
          })
          .catch(() => undefined);
      }),
    );
    return () => cancelAnimationFrame(frame);
  }, [listReady]);
}
