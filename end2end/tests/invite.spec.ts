import { Api } from "../lib/api.ts";
import { become, elsewhere, fresh, PASSWORD, somebody } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("an invitation is a link shown once, its token in the fragment; it works once and gives the role", async ({ page, context, server, browser }) => {
  const { api, account } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  const name = fresh("guest");
  await page.getByLabel("Operator's name").fill(name);
  await page.getByLabel("Role", { exact: true }).selectOption("viewer");
  await page.getByRole("button", { name: "Make a link" }).click();
  const field = page.getByLabel(`Link for ${name}`);
  await expect(field).toBeFocused();
  const link = await field.inputValue();
  expect(new URL(link).hash.length).toBeGreaterThan(40);
  expect(new URL(link).pathname + new URL(link).search).toBe("/invite");
  await page.reload();
  await expect(page.getByText(`${name} as Viewer`)).toBeVisible();
  await expect(page.getByLabel(`Link for ${name}`)).toHaveCount(0);

  const theirs = await browser.newContext();
  const guest = await theirs.newPage();
  const asked: string[] = [];
  guest.on("request", (request) => asked.push(request.url()));
  await guest.goto(link);
  await alive(guest);
  await expect(guest.getByRole("heading", { name: `Join ${account}` })).toBeVisible();
  await expect(guest.getByText(`You are invited as ${name}, with the role Viewer.`)).toBeVisible();
  await guest.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await guest.getByRole("button", { name: "Join" }).click();
  await expect(guest.getByText(`${name} · Viewer`)).toBeVisible();
  const token = new URL(link).hash.slice(1);
  expect(asked.map((url) => url.replace(/#.*/, "")).filter((url) => url.includes(token))).toEqual([]);
  await guest.goto(link);
  await guest.reload();
  await expect(guest.getByRole("heading", { name: "Not a valid invitation" })).toBeVisible();
  await theirs.close();
});

test("an invitation is answered alike whether or not the name exists, and can be taken back", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  const known = await somebody(server, "viewer");
  const shapes: string[] = [];
  for (const name of [known.name, fresh("nobody")]) {
    const { status, body } = await api.call<string>("invite", { account: api.account, name, role: "viewer" });
    shapes.push(`${status} ${typeof body} ${body.length}`);
    const view = await new Api(server.url).call<any>("invite_view", { token: body });
    shapes[shapes.length - 1] += ` ${view.status} ${Object.keys(view.body).join()}`;
  }
  expect(shapes[0]).toBe(shapes[1]);
  // Nor does a password that can be nobody's.
  const short = async (name: string) => {
    const token = await api.must<string>("invite", { account: api.account, name, role: "viewer" });
    return new Api(server.url).call<any>("accept_invite", { token, password: "short" });
  };
  const refused = await short(fresh("nobody"));
  expect([refused.status, refused.body.Problem.refused.why]).toEqual([422, "Password: Use 12 to 256 characters."]);
  expect(await short(known.name)).toEqual(refused);
  const token = await api.must<string>("invite", { account: api.account, name: "late", role: "admin" });
  await become(context, api);
  await page.goto(`/a/${api.account}/settings`);
  await alive(page);
  await page.getByRole("button", { name: "Take back the invitation of late" }).click();
  await expect(page.getByText("late as Admin")).toHaveCount(0);
  expect((await new Api(server.url).call("accept_invite", { token, password: PASSWORD })).status).toBe(422);
});
