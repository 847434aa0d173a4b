import { become, elsewhere, fresh, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("an address that no page has, and a thing that is not there, say so and offer a way on", async ({ page, api }) => {
  expect((await page.goto("/no/such/page"))?.status()).toBe(404);
  await expect(page.getByText("There is no page at this address.")).toBeVisible();
  await expect(page).toHaveTitle("Not found · Seatline");
  await page.getByRole("link", { name: "Go to the start page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
  const nothing = "00000000-0000-7000-8000-000000000000";
  for (const path of [`seats/${nothing}`, `seats/${nothing}/devices/${nothing}`, `carriers/${nothing}`]) {
    expect((await page.goto(`/a/${api.account}/${path}`))?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    await expect(page).toHaveTitle("Not found · Seatline");
    await expect(page.locator(".error-page").getByRole("link")).toBeVisible();
  }
});

test("a device stands under its own seat alone", async ({ page, api, made }) => {
  const other = await api.newSeat(fresh("Other"), String(Date.now()).slice(-8));
  const path = `/a/${api.account}/seats/${other.seat}/devices/${made.device}`;
  expect((await page.goto(path))?.status()).toBe(404);
  await alive(page);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await expect(page.getByLabel("Username", { exact: true })).toHaveCount(0);
});

test("deleted meanwhile: an open page says who did it and stops saving; its address says it too and leads to the restore", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "operator", account);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  await become(context, api);
  const path = `/a/${api.account}/seats/${made.seat}/devices/${made.device}`;
  await page.goto(path);
  await alive(page);
  await other.api.must("delete_device", { account: api.account, device: made.device, operation: crypto.randomUUID() });
  await expect(page.getByRole("alert")).toContainText(`Lobby was deleted by ${other.name}.`);
  // What acts on the device has nothing to act on any more, and Activity is a click away.
  for (const name of ["Reboot Device", "Resync", "Delete Device"]) await expect(page.getByRole("button", { name })).toBeDisabled();
  await page.getByRole("alert").getByRole("link", { name: "See Activity" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "deleted the device Lobby" }).getByRole("button", { name: /^Restore/ })).toBeVisible();
  expect((await page.goto(path))?.status()).toBe(410);
  await expect(page.getByRole("heading", { name: "Deleted meanwhile" })).toBeVisible();
  await expect(page.locator(".error-page")).toContainText(`Lobby was deleted by ${other.name}.`);
  await expect(page.locator(".error-page")).toContainText("It can be restored from Activity for 30 days.");
  await other.api.must("delete_seat", { account: api.account, seat: made.seat, operation: crypto.randomUUID() });
  expect((await page.goto(`/a/${api.account}/seats/${made.seat}`))?.status()).toBe(410);
});

test("not allowed says which role it needs and leads back", async ({ page, context, server }) => {
  const viewer = await somebody(server, "viewer");
  await become(context, viewer.api);
  expect((await page.goto(`/a/${viewer.api.account}/seats/new`))?.status()).toBe(403);
  expect((await page.goto(`/a/${viewer.api.account}/carriers/new`))?.status()).toBe(403);
  await expect(page.getByRole("heading", { name: "Not allowed" })).toBeVisible();
  await expect(page).toHaveTitle("Not allowed · Seatline");
  await expect(page.locator(".error-page")).toContainText("it needs Operator");
  await alive(page);
  await page.getByRole("link", { name: "Go to the carriers" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Carriers" })).toBeVisible();
});

test("a server error says that nothing was changed and offers to try again", async ({ page, api }) => {
  await page.goto(`/a/${api.account}/seats`);
  await alive(page);
  await page.route("**/api/carriers", (route) =>
    route.fulfill({ status: 500, contentType: "application/json", body: JSON.stringify({ Problem: { failed: { reference: "ref-1" } } }) }),
  );
  await page.getByRole("link", { name: "Carriers" }).click();
  await expect(page.locator(".error-page")).toContainText("The server failed. Nothing was changed. The log has more under ref-1.");
  await page.unroute("**/api/carriers");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("columnheader", { name: "SIP URI" }).or(page.getByText("No carrier yet"))).toBeVisible();
});

test("who lost the account meanwhile sees nothing of it any more", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "operator", account, fresh("leaver"));
  await become(context, other.api);
  await page.goto(`/a/${api.account}/seats`);
  await expect(page.getByRole("heading", { level: 1, name: "Seats" })).toBeVisible();
  const { operators } = await api.must<any>("settings", { account: api.account });
  const operator = operators.find((line: { name: string }) => line.name === other.name).id;
  await api.must("remove_operator", { account: api.account, operator });
  expect((await other.api.call("seats", { account: api.account, ask: { text: "", not_registered: false, sort: "name", descending: false, after: null } })).status).toBe(404);
  expect((await page.goto(`/a/${api.account}/seats`))?.status()).toBe(404);
  await expect(page.locator("body")).not.toContainText(account);
});
