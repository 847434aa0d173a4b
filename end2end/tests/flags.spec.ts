import { expect, test } from "../lib/test.ts";

test("Examples opens worked ones: the device's flags, what the call needs, each carrier, and which is used", async ({ editor, page, api }) => {
  await editor.open();
  await page.getByRole("link", { name: "Examples" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Outbound Flags, by example" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/a/${api.account}/flags$`));
  const examples = page.locator("section.example");
  expect(await examples.count()).toBeGreaterThanOrEqual(4);
  for (const example of await examples.all()) {
    await expect(example.getByRole("table")).toBeVisible();
    await expect(example).toContainText("Device has");
    await expect(example).toContainText("Call needs");
    const used = await example.locator("tr.used").count();
    // Either one carrier is used, or the example says that the call fails.
    expect(used).toBeLessThanOrEqual(1);
    if (used === 0) await expect(example).toContainText("The call fails: no carrier is left.");
  }
  const all = await examples.allInnerTexts();
  for (const word of ["out: lacks", "dynamic", "ignores flags", "requires flags", "The call fails"]) {
    expect(all.some((text) => text.includes(word)), word).toBe(true);
  }
});
