// Loads the bundle that lies beside this file and brings the page to life.
import init, { hydrate } from "./seatline.js";

// Whether the server has another build by now. What a proxy says in its place is no word of one.
window.isReplaced = async () => {
  const script = await (await fetch("/sw.js")).text();
  return script.startsWith("const BUILD") && !script.includes(import.meta.url.split("/").at(-2));
};

await init({ module_or_path: new URL("./seatline_bg.wasm", import.meta.url) });
hydrate();
