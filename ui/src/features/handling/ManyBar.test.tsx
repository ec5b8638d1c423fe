import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { HandlingDto } from "../../generated/types";
import { fakeHost, sampleHandling, samplePeople } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { ManyBar } from "./ManyBar";

function bar(states: Record<string, Partial<HandlingDto>>) {
  const host = fakeHost({
    document_handling: ({ id }) => sampleHandling(states[id]),
    document_act: () => sampleHandling({ state: "directed", allowed: ["direct"] }),
    office_people: samplePeople,
  });
  const onDrop = vi.fn();
  const marks = new Map(Object.keys(states).map((id) => [id, `Số ${id}`]));
  show(
    <ManyBar
      marks={marks}
      account={null}
      onClear={() => undefined}
      onDrop={onDrop}
      onOpen={() => undefined}
    />,
  );
  return { host, onDrop };
}

const GIVEN = { state: "directed", allowed: ["direct", "take_up"] };

it("a direction for several replaces none that was given already, and names whom it is about", async () => {
  const { host } = bar({ "1": {}, "2": GIVEN, "3": {} });
  const direct = await screen.findByTestId("many-direct");
  await waitFor(() => expect(direct).toHaveTextContent("(2)"));
  await userEvent.click(direct);
  const named = await screen.findByTestId("many-named");
  expect(named).toHaveTextContent(/Số 1.*Số 3/);
  expect(named).not.toHaveTextContent("Số 2");
  (await screen.findByTestId("people-list")).focus();
  await userEvent.keyboard("1{Control>}{Enter}{/Control}");
  await screen.findByTestId("many-outcomes");
  expect(host.calls("document_act")).toMatchObject([{ document: "1" }, { document: "3" }]);
});

it("what was written for several is not there for others", async () => {
  const { host } = bar({ "1": {} });
  await userEvent.click(await screen.findByTestId("many-direct"));
  await userEvent.type(await screen.findByTestId("act-text"), "Giao gấp");
  await userEvent.click(screen.getByText("Huỷ"));
  await userEvent.click(await screen.findByTestId("many-direct"));
  expect(await screen.findByTestId("act-text")).toHaveValue("");
  expect(host.calls("setting_set")).toEqual([]);
});

it("a document on which somebody acted meanwhile is no longer chosen", async () => {
  const states: Record<string, Partial<HandlingDto>> = { "1": {}, "2": {} };
  const { host, onDrop } = bar(states);
  await screen.findByTestId("many-direct");
  expect(onDrop).not.toHaveBeenCalled();
  states["2"] = GIVEN;
  host.change("documents");
  await waitFor(() => expect(onDrop).toHaveBeenCalledWith(["2"]));
});
