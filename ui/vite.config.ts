/// <reference types="vitest/config" />
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The PIN window is built apart (`--mode pin`), so that it shares no code with the desk.
export default defineConfig(({ mode }) => ({
  plugins: [react()],
  clearScreen: false,
  server: { port: 5317, strictPort: true },
  build: {
    target: ["safari16", "chrome110"],
    // The policy of the window allows neither inline scripts nor data: resources for fonts.
    assetsInlineLimit: 0,
    emptyOutDir: mode !== "pin",
    chunkSizeWarningLimit: 800,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: resolve(import.meta.dirname, mode === "pin" ? "pin.html" : "index.html"),
    },
  },
  test: {
    environment: "jsdom",
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/testing/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
}));
