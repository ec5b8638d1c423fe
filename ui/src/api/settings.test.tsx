import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { CommandError } from "../platform";
import { fakeHost } from "../testing/fakeHost";
import { show } from "../testing/show";
import { forgetUnkept, useSettings } from "./settings";

function Chosen() {
  const { read, remember, ready } = useSettings();
  if (!ready) return null;
  return (
    <button type="button" onClick={() => remember("tray.document", "second")}>
      {read("tray.document") ?? "none"}
    </button>
  );
}

it("an answer that was under way when something was chosen does not undo the choice", async () => {
  let answer: (values: Record<string, string>) => void = () => undefined;
  let kept: () => void = () => undefined;
  const host = fakeHost({
    settings: () => new Promise((done) => (answer = (values) => done({ values }))),
    setting_set: () => new Promise((done) => (kept = () => done({}))),
  });
  show(<Chosen />);
  await act(async () => answer({ "tray.document": "first" }));
  const button = await screen.findByRole("button");
  expect(button).toHaveTextContent("first");

  // Asked before the choice, answered after it.
  host.change("settings");
  await expect.poll(() => host.calls("settings").length).toBe(2);
  await act(async () => button.click());
  await waitFor(() => expect(button).toHaveTextContent("second"));
  await act(async () => answer({ "tray.document": "first" }));
  expect(button).toHaveTextContent("second");

  // Kept: what the host says from now on counts again.
  await act(async () => kept());
  await expect.poll(() => host.calls("settings").length).toBe(3);
  expect(button).toHaveTextContent("second");
  await act(async () => answer({ "tray.document": "third" }));
  await waitFor(() => expect(button).toHaveTextContent("third"));
});

it("what the host refused is told to nobody who comes to the desk later", async () => {
  fakeHost({
    setting_set: () => {
      throw new CommandError("DISK_FULL");
    },
  });
  const first = show(<Chosen />);
  const button = await screen.findByRole("button");
  await act(async () => button.click());
  await waitFor(() => expect(button).toHaveTextContent("second"));
  first.unmount();
  forgetUnkept();
  show(<Chosen />);
  expect(await screen.findByRole("button")).toHaveTextContent("none");
});
