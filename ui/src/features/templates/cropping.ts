import type { Area } from "./image/pixels";

export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
/** A handle of the frame, or the frame itself. */
export type Handle = (typeof HANDLES)[number] | "all";

/** A frame is never narrower than this share of the picture. */
const LEAST = 0.02;

/** The frame after its handle was moved: never outside the picture, never turned inside out. */
export function dragged(
  area: Area,
  handle: Handle,
  dx: number,
  dy: number,
  picture: { width: number; height: number },
): Area {
  if (handle === "all") {
    return {
      ...area,
      x: clamp(area.x + dx, 0, picture.width - area.width),
      y: clamp(area.y + dy, 0, picture.height - area.height),
    };
  }
  const [leastX, leastY] = [picture.width * LEAST, picture.height * LEAST];
  let [left, top] = [area.x, area.y];
  let [right, bottom] = [area.x + area.width, area.y + area.height];
  if (handle.includes("w")) left = clamp(left + dx, 0, right - leastX);
  if (handle.includes("e")) right = clamp(right + dx, left + leastX, picture.width);
  if (handle.includes("n")) top = clamp(top + dy, 0, bottom - leastY);
  if (handle.includes("s")) bottom = clamp(bottom + dy, top + leastY, picture.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
