import { useState } from "react";

/** For a trigger of something that pops up: its main region, or the bar on top, in which that belongs too. At the end
 * of the window it would be in no region, where whoever goes by regions does not find it. */
export function useLandmark() {
  const [trigger, setTrigger] = useState<HTMLElement | null>(null);
  const main = trigger?.closest<HTMLElement>("main, header");
  return {
    ref: setTrigger,
    inside: main === null || main === undefined ? {} : { container: main },
  };
}
