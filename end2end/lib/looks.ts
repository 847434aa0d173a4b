import { type Page, test } from "@playwright/test";
import { accessibility, alive, expect } from "./test.ts";

/** What reaches beyond the page, or scrolls sideways in it. */
export function sideways(page: Page) {
  return page.evaluate(() => {
    const root = document.documentElement;
    const inside = [...document.querySelectorAll<HTMLElement>("body *")].filter((element) => {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1;
      return scrolls && element.checkVisibility() && !(element instanceof HTMLInputElement);
    });
    const all = inside.map((element) => `${element.tagName.toLowerCase()}.${element.className} (${element.scrollWidth} in ${element.clientWidth})`);
    return root.scrollWidth > root.clientWidth ? [`the page (${root.scrollWidth} in ${root.clientWidth})`, ...all] : all;
  });
}

/** Nothing on the page for axe-core to find, and nothing outside of it: light and dark, wide and on a small phone. */
export async function looks(page: Page, name = "") {
  for (const [width, colorScheme] of [[1360, "light"], [390, "dark"], [390, "light"], [1360, "dark"]] as const) {
    await test.step(`${colorScheme}, ${width} px`, async () => {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (process.env.SEATLINE_PICTURES && name) await page.screenshot({ path: `${process.env.SEATLINE_PICTURES}/${name}-${width}-${colorScheme}.png` });
      await accessibility(page);
      expect(await sideways(page), "nothing scrolls sideways").toEqual([]);
    });
  }
}

export async function open(page: Page, path: string) {
  await page.goto(path);
  await alive(page);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}
