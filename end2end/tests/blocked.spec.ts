import { become, elsewhere } from "../lib/people.ts";
import { looks } from "../lib/looks.ts";
import { Phone } from "../lib/phone.ts";
import { alive, expect, test } from "../lib/test.ts";

test("whoever guesses passwords is named under Settings, and an admin frees them", async ({ page, context, server }) => {
  const { api, realm } = await elsewhere(server);
  // The registrar learns of a realm that the command line made with its first device.
  await api.newSeat("Desk", "1");
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const blocked = page.getByRole("region", { name: "Blocked sources" });
  await expect(blocked).toContainText("None now.");

  const guesser = await Phone.start({ username: "Nobody", realm, password: "a guess" }, server.sipPort);
  for (let n = 0; n < 20; n++) expect(await guesser.register()).toBe(403);
  expect(await guesser.register()).toBe(503);
  await blocked.getByRole("button", { name: "Look again" }).click();
  const line = blocked.getByRole("listitem");
  await expect(blocked).toContainText("Other usernames there, and the same one from elsewhere, are not affected.");
  await looks(page, "blocked");
  await expect(line).toContainText(`nobody@${realm} from 127.0.0.1, 20 failures, for `);
  await line.getByRole("button", { name: "Lift the block of nobody from 127.0.0.1" }).click();
  await expect(blocked).toContainText("None now.");
  expect(await guesser.register()).toBe(403);
  guesser.close();
  await page.goto(`/a/${api.account}/activity`);
  await expect(page.getByText(`lifted the block of nobody@${realm} from 127.0.0.1`)).toBeVisible();
});
