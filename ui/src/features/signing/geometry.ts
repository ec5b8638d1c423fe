import type { PageSize, PlacementRule } from "../../generated/types";

/** A box on a page in millimetres from the page's top left. */
export interface Box {
  x_mm: number;
  y_mm: number;
  w_mm: number;
  h_mm: number;
}

const round = (mm: number) => Math.round(mm * 10) / 10;

/** The same box, moved and sized as little as needed to keep the core's rule, which keeps it too. */
export function keepInside(box: Box, page: PageSize, rule: PlacementRule): Box {
  const extent = (wanted: number, least: number, most: number | null, whole: number) => {
    const room = Math.max(0, whole - 2 * rule.edge_mm);
    return Math.min(Math.max(wanted, least), most ?? room, room);
  };
  const w = extent(box.w_mm, rule.least_w_mm, rule.most_w_mm, page.width_mm);
  const h = extent(box.h_mm, rule.least_h_mm, rule.most_h_mm, page.height_mm);
  const inside = (at: number, size: number, whole: number) =>
    Math.max(rule.edge_mm, Math.min(at, whole - size - rule.edge_mm));
  return {
    x_mm: round(inside(box.x_mm, w, page.width_mm)),
    y_mm: round(inside(box.y_mm, h, page.height_mm)),
    w_mm: round(w),
    h_mm: round(h),
  };
}
