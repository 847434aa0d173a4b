import { become, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("looking at stored passwords is slowed, for that operator alone, and the field says so", async ({ page, context, api, server, made }) => {
  const operator = await somebody(server, "operator");
  const look = (who = operator.api) => who.call<any>("look_password", { account: api.account, device: made.device });
  const answers = [];
  for (let n = 0; n < 80 && answers.at(-1)?.status !== 429; n++) answers.push(await look());
  expect(answers.at(-1)!.status, "slowed within 80 looks").toBe(429);
  expect(answers.length, "after a good many in a minute").toBe(61);
  expect(JSON.stringify(answers.at(-1)!.body)).toContain("slow_down");
  expect((await look(api)).status).toBe(200);
  await become(context, operator.api);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  const input = page.getByLabel("Password", { exact: true });
  await input.focus();
  await expect(page.locator('[data-field="password"]')).toContainText("Can't show it. Too many tries. Wait");
  await expect(input).toHaveValue("");
  // Everything else goes on.
  await page.getByLabel("Expire Seconds", { exact: true }).fill("120");
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="expire_seconds"]')).toHaveAttribute("data-state", "clean");
});

test("each look is in Activity, by whom; nothing is written of a page that only stood open", async ({ page, api, made, context, server }) => {
  const operator = await somebody(server, "operator");
  await become(context, operator.api);
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  const looks = async () => {
    const { rows } = await api.must<any>("activity", { account: api.account, ask: { device: made.device, seat: null, operator: null, before: null } });
    return rows.filter((row: any) => JSON.stringify(row).includes("password_looked"));
  };
  expect(await looks()).toHaveLength(0);
  await page.getByLabel("Password", { exact: true }).focus();
  await expect(page.getByLabel("Password", { exact: true })).not.toHaveValue("");
  const [one] = await looks();
  expect(JSON.stringify(one)).toContain(operator.name);
});

test("a viewer can't look: nothing is fetched, nothing is offered, and the page says why", async ({ page, context, api, server, made }) => {
  const viewer = await somebody(server, "viewer");
  await become(context, viewer.api);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  const input = page.getByLabel("Password", { exact: true });
  await input.focus();
  await expect(input).toHaveValue("");
  await expect(page.locator('[data-field="password"]')).toContainText("Your role does not see passwords.");
  for (const name of ["Copy password", "Generate password", "copy stored password"]) await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  expect(asked).not.toContain("/api/look_password");
  expect((await viewer.api.call("look_password", { account: api.account, device: made.device })).status).toBe(403);
});
