import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { ReceivedArgs, ReceivedDto, RegisterOptions } from "../generated/types";
import { fakeHost } from "../testing/fakeHost";
import { sampleInbox } from "../testing/letters";
import { show } from "../testing/show";
import { IntakeView } from "./IntakeView";

const OPTIONS: RegisterOptions = {
  books: [{ book: "den", name: "Sổ văn bản đến", year: 2026, leased: null, held_by: null }],
  leaders: [{ account: "7", name: "Nguyễn Văn A", position: "Chủ tịch" }],
  activities: [],
  defaults: { book: "den", received_on: "", present_to: "7", stamp: true, sign: true },
};

const came = (number: number): ReceivedDto => ({
  document: `d${number}`,
  notation: `${number}/STC-NS`,
  issued_on: "2026-11-20",
  issuer: "Sở Tài chính",
  subject: `V/v quyết toán ${number}`,
  urgency: "normal",
  arrived_at: Date.UTC(2026, 10, 22, 1, 14),
  registered: null,
});

const scans = { over: false, choose: () => undefined, error: null, taking: false } as const;

function desk(isClerk: boolean, waiting: ReceivedDto[]) {
  let left = waiting;
  let registered: ReceivedDto[] = [];
  const host = fakeHost({
    intake_list: () => sampleInbox([]),
    register_options: () => OPTIONS,
    seal_queue: () => ({ ready: 0, waiting: 0 }),
    scan_sources: () => ({ folder: null, folder_code: null, scanners: [], job: null }),
    received_list: () => ({ is_clerk: isClerk, waiting: left, total: left.length, registered }),
    registration_undo: () => ({}),
    received_register: ({ documents }) => {
      registered = left
        .filter((each) => documents.includes(each.document))
        .map((each) => ({
          ...each,
          registered: { number: null, provisional: "T-01", can_undo: true },
        }));
      left = left.filter((each) => !documents.includes(each.document));
      const letters = documents.map((letter) => ({
        letter,
        document: letter,
        number: null,
        provisional: "T-01",
        code: null,
      }));
      return { letters, numbered: 0, provisional: documents.length, failed: 0 };
    },
  });
  show(<IntakeView scans={scans} onOpenDocument={() => undefined} />);
  return host;
}

it("what came over the axis is marked and registered by keyboard, in the order of the list", async () => {
  const user = userEvent.setup();
  const host = desk(true, [came(1), came(2), came(3)]);
  const place = await screen.findByTestId("axis-open-list");
  expect(place.dataset.count).toBe("3");
  place.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("axis-list")));
  await user.keyboard("{End} {Home} {Control>}{Shift>}{Enter}{/Shift}{/Control}");
  const start = await screen.findByTestId("register-start");
  await waitFor(() => expect(start).toHaveProperty("disabled", false));
  expect(screen.queryByTestId("register-sign")).toBeNull();
  await user.click(start);
  const report = await screen.findByTestId("register-report");
  const [args] = host.calls("received_register") as ReceivedArgs[];
  expect(args?.documents).toEqual(["d1", "d3"]);
  expect(args?.defaults.present_to).toBe("7");
  expect(report.dataset.provisional).toBe("2");
  expect(within(report).getAllByTestId("register-line")[0]?.textContent).toContain("1/STC-NS");
  expect(host.calls("intake_register")).toEqual([]);
});

it("with nothing marked the document in sight is registered", async () => {
  const user = userEvent.setup();
  const host = desk(true, [came(1)]);
  (await screen.findByTestId("axis-open-list")).focus();
  await user.keyboard("{Enter}");
  await user.click(await screen.findByTestId("axis-register"));
  const start = await screen.findByTestId("register-start");
  await waitFor(() => expect(start).toHaveProperty("disabled", false));
  await user.click(start);
  await screen.findByTestId("register-report");
  const [args] = host.calls("received_register") as ReceivedArgs[];
  expect(args?.documents).toEqual(["d1"]);
});

it("what is registered and not sent yet is taken back", async () => {
  const user = userEvent.setup();
  const host = desk(true, [came(1)]);
  (await screen.findByTestId("axis-open-list")).focus();
  await user.keyboard("{Enter}");
  await user.click(await screen.findByTestId("axis-register"));
  const start = await screen.findByTestId("register-start");
  await waitFor(() => expect(start).toHaveProperty("disabled", false));
  await user.click(start);
  await screen.findByTestId("register-report");
  await user.click(screen.getByTestId("register-close"));
  await user.click(await screen.findByTestId("axis-undo"));
  await user.click(await screen.findByTestId("void-yes"));
  await waitFor(() => expect(host.calls("registration_undo")).toHaveLength(1));
  expect(host.calls("registration_undo")[0]).toMatchObject({ document: "d1" });
});

it("who is no clerk is not offered what waits for one", async () => {
  const host = desk(false, []);
  await waitFor(() => expect(host.calls("received_list")).toHaveLength(1));
  await screen.findByTestId("scan-sources");
  expect(screen.queryByTestId("axis-open-list")).toBeNull();
});

it("while nothing waits the place says what will appear there", async () => {
  const user = userEvent.setup();
  desk(true, []);
  (await screen.findByTestId("axis-open-list")).focus();
  await user.keyboard("{Enter}");
  expect(await screen.findByText("Không có văn bản đến qua trục chờ vào sổ")).toBeVisible();
  expect(screen.getByTestId("axis-register")).toHaveProperty("disabled", true);
});
