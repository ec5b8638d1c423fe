import type { Page } from "@playwright/test";

/** What a person presses, chooses or types into. */
const CONTROLS =
  'button, a[href], input, select, textarea, [role="tab"], [role="menuitem"], [role="menuitemradio"], [role="radio"], [role="switch"], [tabindex="0"]';

/** What cannot be reached on the screen, one line each: what is wider than the window, controls that lie
 * outside of it even after scrolling or are covered, words on buttons that are cut. */
export async function outOfReach(page: Page): Promise<string[]> {
  return await page.evaluate(unreachable, CONTROLS);
}

/** Runs in the page. */
function unreachable(controls: string): string[] {
  const faults: string[] = [];
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`the page is ${wide} px wider than the window`);
  const name = (element: Element) =>
    element.getAttribute("data-testid") ??
    element.getAttribute("aria-label") ??
    element.textContent?.trim().slice(0, 40) ??
    element.tagName;
  // What scrolls down was not meant to be wider than its place; a page and a table may be.
  const MAY = '[data-viewer], [role="grid"], table';
  for (const place of document.querySelectorAll<HTMLElement>("*")) {
    const { overflowX, overflowY } = getComputedStyle(place);
    const scrolls = [overflowX, overflowY].every((way) => /auto|scroll/.test(way));
    if (!scrolls || place.matches(MAY) || place.querySelector(MAY) !== null) continue;
    const more = place.scrollWidth - place.clientWidth;
    if (more > 1 && place.clientWidth > 1) {
      faults.push(`${name(place)} is ${more} px wider than its place`);
    }
  }
  // A dialog has the screen to itself, and so has a panel that lies over the page until it is closed.
  const tops = '[role="dialog"], [role="menu"], [data-over]';
  const dialogs = [...document.querySelectorAll(tops)].filter(
    (each) => !each.hasAttribute("data-closed"),
  );
  const root = dialogs.at(-1) ?? document;
  for (const control of root.querySelectorAll<HTMLElement>(controls)) {
    if (control.closest('[inert], [aria-hidden="true"], :disabled') !== null) continue;
    // An empty list has nothing to point at; what it says instead stands over it.
    if (control.matches('[role="listbox"][data-total="0"]')) continue;
    // What is only for who cannot see, and boxes that a drawn one stands for.
    const size = control.getBoundingClientRect();
    const style = getComputedStyle(control);
    if (size.width <= 1 || size.height <= 1 || style.opacity === "0") continue;
    if (style.visibility !== "visible" || style.pointerEvents === "none") continue;
    control.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const { left, right, top, bottom } = control.getBoundingClientRect();
    const x = (Math.max(left, 0) + Math.min(right, window.innerWidth)) / 2;
    const y = (Math.max(top, 0) + Math.min(bottom, window.innerHeight)) / 2;
    if (right <= 0 || bottom <= 0 || left >= window.innerWidth || top >= window.innerHeight) {
      faults.push(`${name(control)} lies outside of the window`);
      continue;
    }
    const cut = Math.max(-left, -top, right - window.innerWidth, bottom - window.innerHeight);
    const fits = size.width <= window.innerWidth && size.height <= window.innerHeight;
    if (cut > 2 && fits) faults.push(`${name(control)} is cut by the edge of the window`);
    const hit = document.elementFromPoint(x, y);
    const isHit =
      hit !== null &&
      (control.contains(hit) || hit.contains(control) || hit.closest("label")?.contains(control));
    if (!isHit) faults.push(`${name(control)} is covered by ${hit === null ? "?" : name(hit)}`);
    const isButton = control.matches('button, [role="tab"], [role="menuitem"]');
    const isCut = control.scrollWidth > control.clientWidth + 1 && style.overflowX !== "visible";
    if (isButton && isCut && style.textOverflow !== "ellipsis") {
      faults.push(`the words of ${name(control)} are cut`);
    }
  }
  return faults;
}
