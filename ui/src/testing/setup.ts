import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { speak } from "../i18n";

// What jsdom lacks and the desk asks of a window.
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
// jsdom lays nothing out; the virtual list needs a height to have rows in sight.
Object.defineProperty(Element.prototype, "clientHeight", { get: () => 600 });
Object.defineProperty(Element.prototype, "clientWidth", { get: () => 400 });
Element.prototype.scrollTo = () => undefined;
Element.prototype.getAnimations ??= () => [];

// The machine may be busy: a slow answer is not a wrong one.
configure({ asyncUtilTimeout: 8000 });

beforeEach(() => speak("vi"));
afterEach(() => {
  cleanup();
  localStorage.clear();
});
