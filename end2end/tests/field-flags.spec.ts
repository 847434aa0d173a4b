import type { Page } from "@playwright/test";
import type { Api } from "../lib/api.ts";
import { become, elsewhere, fresh } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

const field = (page: Page) => page.locator('[data-field="outbound_flags"]');
const input = (page: Page) => page.getByLabel("Outbound Flags", { exact: true });
const offered = (page: Page) => input(page).evaluate((element: HTMLInputElement) => [...element.list!.options].map((option) => option.value).sort());

const CARRIERS: [string, string[], number, Record<string, unknown>][] = [
  ["Coast", ["fax", "zone-a"], 10, {}],
  ["Ridge", ["fax"], 20, {}],
  ["Only flagged", ["emergency"], 30, { require_flags: { switch: true } }],
];

async function opened(page: Page, api: Api) {
  for (const [name, flags, weight, more] of CARRIERS) {
    const values = { carrier_name: { text: name }, carrier_uri: { text: "sip:out.example.net" }, carrier_flags: { list: flags }, weight: { text: String(weight) }, ...more };
    await api.must("new_carrier", { account: api.account, operation: crypto.randomUUID(), values });
  }
  const made = await api.newSeat("Front desk", "100");
  await page.goto(`/a/${api.account}/seats/${made.seat}/devices/${made.device}`);
  await alive(page);
  return made;
}

async function add(page: Page, flag: string, kind: "static" | "dynamic" = "static") {
  await page.getByLabel("Kind of the next flag").selectOption(kind);
  await input(page).fill(flag);
  await page.keyboard.press("Enter");
}

test("Outbound Flags suggest what is known, by kind, and preview which carriers stay and which flag drops the others", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const made = await opened(page, api);
  expect(await offered(page)).toEqual(["emergency", "fax", "zone-a"]);
  // Without flags: the lowest weight of those that require none.
  await expect(field(page)).toContainText(/Coast/);
  await add(page, "fax");
  expect(await offered(page)).toEqual(["emergency", "zone-a"]);
  await expect(field(page)).toContainText(/Coast/);
  await expect(field(page)).toContainText(/Ridge/);
  await add(page, "zone-a");
  await expect(field(page)).toContainText(/Ridge.*zone-a|zone-a.*Ridge/);
  // One typo takes the last way out away, and is named.
  await add(page, "Fax");
  await expect(field(page).locator(".warn")).toContainText("No carrier");
  await expect(field(page).locator(".warn")).toContainText("Fax");
  await page.getByRole("button", { name: "Remove Fax", exact: true }).click();
  await expect(field(page).locator(".warn")).toHaveCount(0);

  await page.getByLabel("Kind of the next flag").selectOption("dynamic");
  expect(await offered(page)).toEqual(expect.arrayContaining(["from_realm", "zone"]));
  await add(page, "zone", "dynamic");
  await expect(field(page)).toContainText("Sample values: zone as ");
  await expect(field(page).getByRole("listitem").filter({ hasText: "dynamic" })).toHaveCount(1);
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(field(page)).toHaveAttribute("data-state", "clean");
  expect((await api.device(made.device)).record.values.outbound_flags.flags.map((f: any) => [f.name, f.kind])).toEqual([
    ["fax", "static"],
    ["zone-a", "static"],
    ["zone", "dynamic"],
  ]);
});

test("Outbound Flags: from_realm is previewed with the realm that the field holds", async ({ page, context, server }) => {
  const { api, realm } = await elsewhere(server);
  const other = `${fresh("r")}.sip.example.net`;
  await api.must("add_realm", { account: api.account, name: other });
  await become(context, api);
  await opened(page, api);
  await add(page, "from_realm", "dynamic");
  await expect(field(page)).toContainText(`Sample values: from_realm as ${realm}.`);
  await page.locator('[data-field="realm"]').getByRole("button", { name: "Set another" }).click();
  await page.getByLabel("Realm", { exact: true }).selectOption(other);
  await expect(field(page)).toContainText(`Sample values: from_realm as ${other}.`);
  await page.locator('[data-field="realm"]').getByRole("button", { name: "undo" }).click();
  await expect(field(page)).toContainText(`Sample values: from_realm as ${realm}.`);
});

test("Outbound Flags: order kept, no repeats, no comma, and what stands in the input counts without Enter", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  const made = await opened(page, api);
  await input(page).fill("b,a,");
  await expect(field(page).getByRole("listitem")).toHaveText([/^b/, /^a/]);
  await input(page).fill("b");
  await expect(field(page)).toHaveAttribute("data-state", "invalid");
  await expect(field(page)).toContainText("b is there twice.");
  await input(page).fill("c");
  await page.keyboard.press("Control+s");
  await expect(field(page)).toHaveAttribute("data-state", "clean");
  expect((await api.device(made.device)).record.values.outbound_flags.flags.map((f: any) => f.name)).toEqual(["b", "a", "c"]);
  // A carrier that comes, comes into the preview.
  await expect(field(page).locator(".warn")).toContainText("No carrier");
  const values = { carrier_name: { text: "Late" }, carrier_uri: { text: "sip:late.example.net" }, carrier_flags: { list: ["a", "b", "c"] } };
  await api.must("new_carrier", { account: api.account, operation: crypto.randomUUID(), values });
  await expect(field(page)).toContainText("Late");
  await expect(field(page).locator(".warn")).toHaveCount(0);
});
