import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { useSettings } from "../../api/settings";
import type { HandlingDto } from "../../generated/types";
import { CommandError } from "../../platform";
import {
  fakeHost,
  sampleDetail,
  sampleHandling,
  samplePeople,
  sampleRow,
} from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { ActPanel } from "./ActPanel";
import { useHandling } from "./useHandling";

/** A desk of two documents of which one is in sight. */
function Desk() {
  const { ready } = useSettings();
  const [id, setId] = useState("A");
  const acting = useHandling(id, true, `Số ${id}`);
  if (!ready) return null;
  return (
    <>
      {["A", "B"].map((other) => (
        <button key={other} type="button" onClick={() => setId(other)}>
          {`show ${other}`}
        </button>
      ))}
      <button type="button" onClick={() => acting.start("answer_extension")}>
        answer
      </button>
      <button type="button" onClick={() => acting.start("take_up")}>
        take
      </button>
      <output>{acting.error === null ? "fine" : acting.error.message}</output>
      {acting.form !== null && (
        <ActPanel
          key={`${id} ${acting.form}`}
          detail={sampleDetail({ row: sampleRow(1, { id }) })}
          kind={acting.form}
          acting={acting}
          account={null}
        />
      )}
    </>
  );
}

const ASKED: Partial<HandlingDto> = {
  state: "in_progress",
  allowed: ["answer_extension", "take_up"],
  extension: {
    due_at: Date.UTC(2026, 11, 20),
    reason: "Chờ số liệu",
    asked_by: "Lê Văn C",
    at: 0,
  },
};

it("who answers reads who asks, until when and why", async () => {
  fakeHost({ document_handling: () => sampleHandling(ASKED), office_people: samplePeople });
  show(<Desk />);
  await userEvent.click(await screen.findByText("answer"));
  expect(await screen.findByTestId("act-panel")).toHaveTextContent(
    /Lê Văn C.*20\/12\/2026.*Chờ số liệu/,
  );
});

it("what was refused at one document is not told at another", async () => {
  fakeHost({
    document_handling: () => sampleHandling(ASKED),
    document_act: () => {
      throw new CommandError("ACT_WRONG_STATE");
    },
  });
  show(<Desk />);
  await userEvent.click(await screen.findByText("take"));
  await waitFor(() => expect(screen.getByRole("status")).not.toHaveTextContent("fine"));
  await userEvent.click(screen.getByText("show B"));
  expect(screen.getByRole("status")).toHaveTextContent("fine");
});

it("what is done at one document closes no form of another, and is called by its own name", async () => {
  let done: (view: HandlingDto) => void = () => undefined;
  fakeHost({
    document_handling: () => sampleHandling(ASKED),
    document_act: () => new Promise<HandlingDto>((resolve) => (done = resolve)),
    office_people: samplePeople,
  });
  show(<Desk />);
  await userEvent.click(await screen.findByText("answer"));
  await userEvent.click(await screen.findByTestId("act-send"));
  await userEvent.click(screen.getByText("show B"));
  expect(screen.queryByTestId("act-panel")).not.toBeInTheDocument();
  done(sampleHandling(ASKED));
  expect(await screen.findByText(/Số A\. Tự gửi/)).toBeVisible();
  await userEvent.click(screen.getByText("answer"));
  expect(await screen.findByTestId("act-panel")).toBeVisible();
});

it("a form that is opened while an act is being done stays when that is done", async () => {
  let answer: (view: HandlingDto) => void = () => undefined;
  const host = fakeHost({
    document_handling: () => sampleHandling(ASKED),
    document_act: () =>
      new Promise<HandlingDto>((resolve) => {
        answer = resolve;
      }),
    office_people: samplePeople,
  });
  show(<Desk />);
  await userEvent.click(await screen.findByText("take"));
  await waitFor(() => expect(host.calls("document_act")).toHaveLength(1));
  await userEvent.click(screen.getByText("answer"));
  expect(await screen.findByTestId("act-panel")).toBeVisible();
  answer(sampleHandling(ASKED));
  expect(await screen.findByText(/đã lưu trên máy/)).toBeVisible();
  expect(screen.getByTestId("act-panel")).toBeVisible();
});
