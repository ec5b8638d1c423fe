import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import type { TextCheck } from "../../generated/types";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { ChangesBar } from "./ChangesBar";
import { useChanges } from "./useChanges";

function Bar() {
  const [on, setOn] = useState(true);
  const changes = useChanges("a".repeat(64), "b".repeat(64), on);
  return on ? (
    <ChangesBar changes={changes} onStop={() => setOn(false)} />
  ) : (
    <button type="button" onClick={() => setOn(true)}>
      lại
    </button>
  );
}

const nothing = { changes: [], old_wordless: 0, new_wordless: 0 };

it("asks for portion after portion and says how far it is until all is compared", async () => {
  const steps: TextCheck[] = [
    { done: 100, pages: 600, comparison: null },
    { done: 600, pages: 600, comparison: null },
    { done: 600, pages: 600, comparison: nothing },
  ];
  const host = fakeHost({
    texts_compare: () => steps.shift() ?? { done: 0, pages: 0, comparison: null },
  });
  show(<Bar />);
  await waitFor(() => expect(screen.getByTestId("changes-summary")).toHaveTextContent("giống"));
  expect(host.calls("texts_compare")).toHaveLength(3);
  expect(screen.queryByTestId("changes-progress")).not.toBeInTheDocument();
});

it("whoever stops it asks no more, and goes on where it was when asked to", async () => {
  let go: ((check: TextCheck) => void) | undefined;
  const host = fakeHost({
    texts_compare: () =>
      host.calls("texts_compare").length === 1
        ? { done: 100, pages: 600, comparison: null }
        : new Promise<TextCheck>((done) => {
            go = done;
          }),
  });
  show(<Bar />);
  await waitFor(() =>
    expect(screen.getByTestId("changes-progress")).toHaveAttribute("value", "100"),
  );
  expect(screen.getByTestId("changes-summary")).toHaveTextContent("100/600");
  await userEvent.click(screen.getByTestId("changes-cancel"));
  go?.({ done: 200, pages: 600, comparison: null });
  const asked = host.calls("texts_compare").length;
  await userEvent.click(screen.getByText("lại"));
  await waitFor(() =>
    expect(screen.getByTestId("changes-progress")).toHaveAttribute("value", "200"),
  );
  expect(asked).toBe(2);
});
