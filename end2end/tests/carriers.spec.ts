import { elsewhere, become } from "../lib/people.ts";
import { alive, expect, test } from "../lib/test.ts";

test("a carrier is made, marked and edited, and deleted after a question that says what calls lose", async ({ page, context, server, complaints }) => {
  void complaints;
  const { api } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/carriers`);
  await alive(page);
  await expect(page.getByText("No carrier yet")).toBeVisible();
  await page.getByRole("link", { name: "New carrier" }).click();
  await expect(page.getByLabel("Weight")).toHaveValue("50");
  await page.getByLabel("Name", { exact: true }).fill("Coast");
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(page.locator('[data-field="uri"]')).toHaveAttribute("data-state", "invalid");
  await expect(page.getByLabel("SIP URI")).toBeFocused();
  await page.getByLabel("SIP URI").fill("sip:coast.example.net");
  await page.getByLabel("Flags", { exact: true }).fill("fax");
  await page.getByLabel("Flags", { exact: true }).press("Enter");
  await page.getByRole("button", { name: /^SAVE/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Editing Coast" })).toBeVisible();

  await page.getByLabel("Weight").fill("101");
  await expect(page.locator('[data-field="weight"]')).toHaveAttribute("data-state", "invalid");
  await page.getByLabel("Weight").fill("10");
  await expect(page.locator('[data-field="weight"]').getByRole("img", { name: "Modified" })).toBeVisible();
  await expect(page.locator('[data-field="weight"]')).toContainText("was 50");
  await page.keyboard.press("Control+s");
  await expect(page.locator('[data-field="weight"]')).toHaveAttribute("data-state", "clean");
  await page.getByRole("link", { name: "Carriers" }).first().click();
  const row = page.getByRole("row", { name: /Coast/ });
  for (const text of ["sip:coast.example.net", "fax", "10", "Enabled"]) await expect(row).toContainText(text);

  await page.getByRole("link", { name: "Coast" }).click();
  await page.getByLabel("Weight").fill("11");
  await page.getByRole("button", { name: "Delete carrier" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Coast?" });
  await expect(dialog).toContainText("sip:coast.example.net");
  await expect(dialog).toContainText("You have 1 unsaved field: what was typed there is lost with it.");
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Delete carrier" }).click();
  await expect(page).toHaveURL(/\/carriers$/);
  await expect(page.getByText("No carrier yet")).toBeVisible();
});

test("another operator's carrier comes into the list without a reload", async ({ page, context, server }) => {
  const { api } = await elsewhere(server);
  await become(context, api);
  await page.goto(`/a/${api.account}/carriers`);
  await alive(page);
  await expect(page.getByText("No carrier yet")).toBeVisible();
  const values = { carrier_name: { text: "Ridge" }, carrier_uri: { text: "sip:ridge.example.net" } };
  const answer = await api.call("new_carrier", { account: api.account, operation: crypto.randomUUID(), values });
  expect(answer.body, JSON.stringify(answer.body)).toEqual(expect.any(String));
  await expect(page.getByRole("link", { name: "Ridge" })).toBeVisible();
});
