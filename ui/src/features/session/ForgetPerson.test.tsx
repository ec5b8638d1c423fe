import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { fakeHost } from "../../testing/fakeHost";
import { show } from "../../testing/show";
import { ForgetPerson } from "./ForgetPerson";

const person = { username: "lanhdao", full_name: "Nguyễn Văn A", unsent: 2, present: false };

it("a person with unsent acts is forgotten only after a second question that names the loss", async () => {
  const host = fakeHost({
    person_forget: ({ unsent_too }) =>
      unsent_too ? { gone: true, unsent: null } : { gone: false, unsent: 2 },
  });
  show(<ForgetPerson person={person} />);
  await userEvent.click(screen.getByRole("button", { name: "Xoá Nguyễn Văn A khỏi máy này" }));
  expect(host.calls("person_forget")).toEqual([]);
  await userEvent.click(await screen.findByTestId("confirm-yes"));
  expect(await screen.findByText("Còn 2 việc chưa gửi của Nguyễn Văn A")).toBeVisible();
  expect(host.calls("person_forget")).toEqual([{ username: "lanhdao", unsent_too: false }]);
  await userEvent.click(screen.getByTestId("confirm-yes"));
  expect(host.calls("person_forget")[1]).toEqual({ username: "lanhdao", unsent_too: true });
});
