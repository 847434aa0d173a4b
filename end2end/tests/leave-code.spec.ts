import { stored } from "../lib/offline.ts";
import { asked, edited, here, stays } from "../lib/leave.ts";
import { become, elsewhere, fresh, PASSWORD } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("code that navigates asks first: Add device makes nothing before the answer", async ({ page, api, made }) => {
  let asks = 0;
  page.on("request", (request) => (asks += request.url().endsWith("/api/add_device") ? 1 : 0));
  const path = `/a/${api.account}/seats/${made.seat}`;
  await page.goto(path);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill("Renamed");
  await page.getByRole("button", { name: "Add device" }).click();
  await expect(asked(page)).toBeVisible();
  await page.getByRole("button", { name: "Stay" }).click();
  expect(asks).toBe(0);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Renamed");
  await page.getByRole("button", { name: "Add device" }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  expect(asks).toBe(1);
  expect((await api.must<any>("seat", { account: api.account, seat: made.seat })).record.values.seat_name.text).toBe("Renamed");
});

test("a new carrier's page navigates by itself after the save and asks nothing; leaving it unsaved asks", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/carriers/new`);
  await alive(page);
  await page.getByLabel("Name", { exact: true }).fill("Coast");
  await page.getByLabel("SIP URI").fill("sip:coast.example.net");
  await page.getByRole("link", { name: "Seats", exact: true }).click();
  await expect(asked(page)).toContainText("2 fields of Coast are modified");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(page).not.toHaveURL(/new$/);
  await expect(page.getByRole("heading", { level: 1, name: "Editing Coast" })).toBeVisible();
  await expect(asked(page)).toBeHidden();
  // An edited carrier has the same guard.
  await page.getByLabel("Weight").fill("10");
  await page.getByRole("link", { name: "Seats", exact: true }).click();
  await expect(asked(page)).toContainText("1 field of Coast is modified");
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(/\/seats$/);
});

test("a new seat that is typed and not made asks before it is left, by a link and by Back; made, it asks nothing", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/seats`);
  await alive(page);
  await page.getByRole("link", { name: "New seat" }).click();
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Front desk");
  await page.getByRole("link", { name: "Carriers", exact: true }).click();
  await expect(asked(page)).toContainText("1 field of the new seat is modified");
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(asked(page)).toBeVisible();
  await page.getByRole("button", { name: "Stay" }).click();
  await expect(name).toHaveValue("Front desk");
  // What can't be made stays, with its fault.
  await page.getByRole("link", { name: "Carriers", exact: true }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(asked(page)).toBeHidden();
  await expect(page.getByLabel("Extension", { exact: true })).toBeFocused();
  await page.getByLabel("Extension", { exact: true }).fill("100");
  await page.getByRole("link", { name: "Carriers", exact: true }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await page.getByRole("link", { name: "Seats", exact: true }).click();
  await expect(page.getByRole("link", { name: "Front desk" })).toBeVisible();

  await page.getByRole("link", { name: "New seat" }).click();
  await name.fill("Gone");
  await name.fill("");
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page, "put back, nothing is lost").toHaveURL(/\/seats$/);
  await page.getByRole("link", { name: "New seat" }).click();
  await name.fill("Other desk");
  await page.getByLabel("Extension", { exact: true }).fill("101");
  await page.getByRole("button", { name: "Make the seat" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing New Device" })).toBeVisible();
  await expect(asked(page)).toBeHidden();
  await page.getByRole("link", { name: "Seats", exact: true }).first().click();
  await page.getByRole("link", { name: "New seat" }).click();
  await name.fill("Lost");
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(/\/seats$/);
  expect((await api.must<any>("seats", { account: api.account, ask: { text: "", not_registered: false, sort: "name", descending: false, after: null } })).seats).toBe(2);
});

test("the account switch asks; Stay stays, leaving goes to the other account", async ({ editor, page, context, api, server }) => {
  const other = await elsewhere(server);
  const token = await api.must<string>("invite", { account: api.account, name: other.name, role: "operator" });
  await other.api.must("accept_invite", { token, password: PASSWORD });
  await become(context, other.api);
  await edited(editor, page);
  const away = async () => {
    await page.locator("summary", { hasText: "Test account" }).click();
    await page.getByRole("link", { name: new RegExp(other.account) }).click();
  };
  await away();
  await stays(editor, page);
  await page.locator("details.switch").evaluate((details: HTMLDetailsElement) => (details.open = false));
  await away();
  await page.getByRole("button", { name: "Leave and lose them" }).click();
  await expect(page).toHaveURL(new RegExp(`/a/${other.api.account}/seats$`));
  await expect(page.getByText(`${other.name} · Admin`)).toBeVisible();
});

test("signing out asks; Save and leave saves, then signs out and leaves nothing in the tab", async ({ editor, page, context, api, server }) => {
  const own = await elsewhere(server, `${fresh("out")}.sip.example.net`);
  const token = await api.must<string>("invite", { account: api.account, name: own.name, role: "operator" });
  await own.api.must("accept_invite", { token, password: PASSWORD });
  await become(context, own.api);
  await edited(editor, page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await stays(editor, page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Save and leave" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect((await api.device(editor.made.device)).record.values.expire_seconds.text).toBe("120");
  const left = await stored(page);
  for (const kept of ["effective_realm", '"edits":{"', "a key"]) expect(left).not.toContain(kept);
});

test("what does not leave asks nothing: another tab by Ctrl and a click, a link within the page", async ({ editor, page, context }) => {
  await edited(editor, page);
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Carriers" }).click({ modifiers: ["ControlOrMeta"] });
  await (await opened).close();
  await expect(asked(page)).toBeHidden();
  await page.getByRole("link", { name: "Skip to the page" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#main$/);
  await expect(asked(page)).toBeHidden();
  await here(editor, page);
});
