import { become, elsewhere, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

const nothing = "00000000-0000-7000-8000-000000000000";

test("each page that can't be shown has a way on that works", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  const common = { account: api.account };
  const carrier = await api.must<string>("new_carrier", { ...common, operation: crypto.randomUUID(), values: { carrier_name: { text: "Coast" }, carrier_uri: { text: "sip:coast.example.net" } } });
  await api.must("delete_carrier", { ...common, carrier, operation: crypto.randomUUID() });
  await api.must("delete_device", { ...common, device: made.device, operation: crypto.randomUUID() });
  await become(context, api);
  const gone = `seats/${made.seat}/devices/${made.device}`;
  for (const path of [gone, `carriers/${carrier}`, `seats/${nothing}`, `seats/${made.seat}/devices/${nothing}`, "seats/not-an-id", "no-such-page"]) {
    const answer = await page.goto(`/a/${api.account}/${path}`);
    expect(answer!.status(), path).toBeGreaterThanOrEqual(404);
    await alive(page);
    await page.locator(".error-page").getByRole("link").first().click();
    await expect(page.locator(".error-page"), path).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 }), path).toBeVisible();
  }
});

test("deleted meanwhile, with edits: the page says so, a save changes nothing, what was typed stays to be read", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "operator", account);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  await become(context, api);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await other.api.must("delete_seat", { account: api.account, seat: made.seat, operation: crypto.randomUUID() });
  await expect(page.getByRole("alert").first()).toContainText(`deleted by ${other.name}`);
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert").last()).toContainText("Not saved.");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("120");
  // Restored, the same page saves again.
  await other.api.must("restore_seat", { account: api.account, seat: made.seat, operation: crypto.randomUUID(), instead: [] });
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("120");
});

test("a role that was taken meanwhile: the save is refused in words, the edits stay", async ({ page, context, server }) => {
  const { api, account } = await elsewhere(server);
  const other = await somebody(server, "operator", account);
  const made = await api.newSeat("Front desk", "100", "Lobby");
  await become(context, other.api);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  const { operators } = await api.must<any>("settings", { account: api.account });
  await api.must("set_role", { account: api.account, operator: operators.find((line: any) => line.name === other.name).id, role: "viewer" });
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert").last()).toContainText("Your role does not allow this: it needs Operator.");
  await expect(page.getByLabel("Expire Seconds", { exact: true })).toHaveValue("120");
  expect((await api.device(made.device)).record.values.expire_seconds.text).toBe("360");
});

test("answers that are not ours, and none at all: said in words, with the edits kept, and the next try goes through", async ({ editor, page, complaints }) => {
  void complaints;
  await editor.open();
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  let answer: any = null;
  let tried = 0;
  await page.route("**/api/save_device", (route) => {
    tried++;
    return answer ? route.fulfill(answer) : route.abort();
  });
  for (const [next, said] of [
    [{ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }, null],
    [{ status: 200, contentType: "text/html", body: "<h1>Please sign in to this network</h1>" }, null],
    [{ status: 500, contentType: "application/json", body: JSON.stringify({ Problem: { failed: { reference: "ref-7" } } }) }, /Nothing was changed\. The log has more under ref-7/],
    [{ status: 429, contentType: "application/json", body: JSON.stringify({ Problem: { slow_down: { seconds: 3 } } }) }, /Wait 3 seconds/],
    [null, null],
  ] as const) {
    [answer, tried] = [next, 0];
    await editor.save.click();
    // At once, or as soon as the server is known to be reached again.
    await expect.poll(() => tried, { timeout: 15_000 }).toBeGreaterThan(0);
    if (said) await expect(page.getByRole("alert")).toContainText(said, { useInnerText: true });
    const words = said ? "Waiting to be saved: 1 field." : "Waiting to be saved: 1 field. It goes out when the server is reached.";
    await expect(page.getByRole("region", { name: "Unsaved changes" })).toContainText(words);
    await editor.state("expire_seconds", "modified");
  }
  await page.unroute("**/api/save_device");
  // Unless it has gone out by itself meanwhile.
  await editor.save.click({ timeout: 3_000 }).catch(() => {});
  await editor.state("expire_seconds", "clean");
});
