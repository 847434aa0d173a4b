// Loads the bundle that lies beside this file and brings the page to life.
import init, { hydrate } from "./seatline.js";

await init({ module_or_path: new URL("./seatline_bg.wasm", import.meta.url) });
hydrate();
