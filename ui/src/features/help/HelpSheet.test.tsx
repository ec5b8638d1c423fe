import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { KEY_IDS } from "../../keymap";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { HelpSheet } from "./HelpSheet";

it("the help sheet lists every key of the keymap", () => {
  fakeHost({});
  show(<HelpSheet open onOpenChange={() => undefined} onGuide={() => undefined} />);
  expect(screen.getByRole("dialog", { name: "Phím tắt" })).toBeVisible();
  expect(screen.getAllByRole("term")).toHaveLength(KEY_IDS.length);
});
