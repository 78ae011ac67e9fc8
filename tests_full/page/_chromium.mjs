/**
 * Uses the page as people do, in Chromium. Arguments: folder with `node_modules`, address of the page or the folder of its files, which
 * are then served below a path by a server that knows nothing of headers and ends half way, folder of pictures (`NAME/*.png`), folder
 * for screenshots. Answers with what was seen, as JSON. Node runs this: playwright looks at files below /proc, for which Deno asks for
 * every permission.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import process from "node:process";
import { findBarriers, readAxe } from "./_barriers.mjs";

const [folder, where, pictures, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${folder}/`)("playwright-core");
const isServed = where.startsWith("http:");
const axe = readAxe(folder);

const TYPES = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  wasm: "application/wasm",
  png: "image/png",
  webmanifest: "application/manifest+json",
  svg: "image/svg+xml",
};
const PATH = "/some/where/";

/** Any static server: files and their types. */
async function serve() {
  const server = createServer(({ url }, response) => {
    try {
      const name = new URL(url, "http://x").pathname.replace(PATH, "") || "index.html";
      const content = readFileSync(`${where}/${name}`);
      response.writeHead(200, { "content-type": TYPES[name.split(".").at(-1)] ?? "application/octet-stream" });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

const server = isServed ? undefined : await serve();
const address = isServed ? where : `http://127.0.0.1:${server.address().port}${PATH}`;
const CHROMIUM = {
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
};
const browser = await chromium.launch(CHROMIUM);
const complaints = [];
const barriers = [];
const foreign = [];

/** A window of its own, in which nothing goes wrong unnoticed. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(120_000);
  context.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(address)) foreign.push(request.url());
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  await page.addInitScript({ content: axe });
  await page.goto(address);
  await ready(page);
  return page;
}

const judge = async (page, where) => barriers.push(...await findBarriers(page, where));

const ready = (page) => page.waitForFunction(() => document.querySelector("#facts").textContent.includes("pixels"));
const said = (page) => page.locator("#said").textContent();
const choose = async (page, name) => {
  await page.getByRole("combobox", { name: "Network that is asked" }).selectOption(name);
  await page.waitForFunction((name) => document.querySelector("#network-name").textContent === name, name);
};

/** Waits until something else is said, and returns it. */
async function saidAfter(page, work) {
  const before = await said(page);
  await work();
  await page.waitForFunction((text) => document.querySelector("#said").textContent !== text, before);
  return await said(page);
}

const listFiles = (name) => readdirSync(`${pictures}/${name}`).sort().map((file) => `${pictures}/${name}/${file}`);

/** The first class of each answer that is shown, in the order in which pictures were given. */
const labels = (page) => page.locator(".answer tr:first-child th").allTextContents();

async function draw(page, strokes) {
  const { x, y, width, height } = await page.locator("#drawing").boundingBox();
  for (const [[left, top], ...others] of strokes) {
    await page.mouse.move(x + left * width, y + top * height);
    await page.mouse.down();
    for (const [right, bottom] of others) await page.mouse.move(x + right * width, y + bottom * height, { steps: 4 });
    await page.mouse.up();
  }
}

const SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]];
const PLUS = [[[0.5, 0.2], [0.5, 0.8]], [[0.2, 0.5], [0.8, 0.5]]];

/** Draws with the mouse; a second drawing replaces the first. */
async function askDrawings(page) {
  const seven = await saidAfter(page, () => draw(page, SEVEN));
  await page.getByRole("button", { name: "Clear" }).click();
  await draw(page, PLUS.slice(0, 1));
  const count = await page.locator(".answer").count();
  await page.waitForFunction((count) => document.querySelectorAll(".answer").length > count - 1, count);
  const plus = await saidAfter(page, () => draw(page, PLUS.slice(1)));
  return [seven, plus].map((text) => text.split(",")[0]);
}

/** Names pictures of files. */
async function askFiles(page, network, name) {
  await page.getByText("Files", { exact: true }).click();
  await choose(page, network);
  await saidAfter(page, () => page.locator("#files").setInputFiles(listFiles(name)));
  return await labels(page);
}

/** Asks what was asked before again, within one collection. */
async function narrow(page, start) {
  const select = page.getByRole("combobox", { name: "Pictures show" });
  const names = await select.locator("option").allTextContents();
  const before = await page.locator(".answer td.right").first().textContent();
  await select.selectOption(names.find((name) => name.startsWith(start)));
  await page.waitForFunction((before) => document.querySelector(".answer td.right").textContent !== before, before);
  return await labels(page);
}

/** Adds pictures of two classes, has them learnt, and reads what came of it. */
async function teach(page, classes) {
  await page.getByText("Files", { exact: true }).click();
  await choose(page, "A bit of everything");
  await page.getByLabel("Teach: they show").check();
  for (const name of classes) {
    await page.getByLabel("Class that they show").fill(name);
    await page.locator("#files").setInputFiles(listFiles(`teach-${name}`));
    await page.getByRole("heading", { name: new RegExp(`^${name}`) }).waitFor();
  }
  const learn = page.getByRole("button", { name: "Learn" });
  await learn.click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("Stopped.").waitFor();
  await learn.click();
  await page.locator("#curve svg .curve").first().waitFor({ state: "attached" });
  await page.getByText(/^Done:/).waitFor();
  const figures = await page.locator("#outcome dd").allTextContents();
  return figures.map((text) => Number.parseFloat(text));
}

/** Saves the network, loads the file in another window, and asks both the same. */
async function saveAndLoad(page, name) {
  const ask = async (window) => {
    await window.getByText("Files", { exact: true }).click();
    await window.getByLabel("Name what they show").check();
    await saidAfter(window, () => window.locator("#files").setInputFiles(listFiles(name)));
    return await window.locator(".answer table").allTextContents();
  };
  const before = await ask(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as .rootstock" }).click(),
  ]);
  const file = `${shots}/${download.suggestedFilename()}`;
  await download.saveAs(file);
  const other = await open();
  await other.locator("#open").setInputFiles(file);
  await other.waitForFunction(() => document.querySelector("#network").selectedOptions[0].index > 5);
  await ready(other);
  const after = await ask(other);
  const isFirst = after.map((text, i) => text === before[i]);
  await other.context().close();
  return {
    name: download.suggestedFilename(),
    isSame: isFirst.length > 0 && isFirst.every(Boolean),
    labels: await labels(page),
  };
}

/** Everything by keys: draws a minus and a plus, names a class, goes to every control. */
async function useKeys() {
  const page = await open();
  const reached = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    const id = await page.evaluate(() =>
      document.activeElement.id || document.activeElement.value || document.activeElement.tagName
    );
    if (id === "BODY") break;
    reached.push(id);
  }
  await page.locator("#drawing").focus();
  const type = async (...keys) => {
    for (const [key, times = 1] of keys) for (let i = 0; i < times; i++) await page.keyboard.press(key);
  };
  await type(["ArrowLeft", 8], [" "], ["ArrowRight", 16]);
  const minus = await saidAfter(page, () => type([" "]));
  await type(["ArrowLeft", 8], ["ArrowUp", 8], [" "], ["ArrowDown", 16]);
  const plus = await saidAfter(page, () => type([" "]));
  await page.screenshot({ path: `${shots}/keys.png` });
  await page.context().close();
  return { reached, drawn: [minus, plus].map((text) => text.split(",")[0]) };
}

/** Teaches two classes with keys alone, and saves what came of it. */
async function teachByKeys(classes) {
  const page = await open();
  // From the beginning: a dialogue that opens before the browser knows that it is listened to is nobody's.
  let choosers = 0;
  page.on("filechooser", () => choosers++);
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.value);
  const reach = async (id, key = "Tab") => {
    for (let i = 0; i < 80 && await focused() !== id; i++) await press(key);
  };
  await reach("network");
  for (let i = 0; i < 5; i++) await press("ArrowDown");
  await page.waitForFunction(() => document.querySelector("#network-name").textContent === "A bit of everything");
  await reach("draw");
  await press("ArrowRight");
  await reach("question");
  await press("ArrowDown");
  for (const name of classes) {
    await reach("class", name === classes[0] ? "Tab" : "Shift+Tab");
    await press("Control+A");
    await page.keyboard.type(name);
    await reach("files");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), press("Enter")]);
    await chooser.setFiles(listFiles(`teach-${name}`));
    await page.getByRole("heading", { name: new RegExp(`^${name}`) }).waitFor();
  }
  await reach("depth");
  await press("ArrowDown");
  await reach("learn");
  await press("Enter");
  await page.getByText(/^Done:/).waitFor();
  const after = await focused();
  await reach("save", "Shift+Tab");
  const [download] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
  await page.context().close();
  return [choosers, after, download.suggestedFilename()];
}

/** Drops files on a page, all at once. */
async function drop(page, files) {
  const contents = files.map((file) => [file.split("/").at(-1), readFileSync(file).toString("base64")]);
  await page.evaluate((contents) => {
    const dataTransfer = new DataTransfer();
    for (const [name, base64] of contents) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name));
    }
    for (const type of ["dragover", "drop"]) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, contents);
}

/** Drops a network with pictures, which it is asked; then pictures alone. */
async function useDrops(network, name) {
  const page = await open();
  const files = listFiles(name);
  await saidAfter(page, () => drop(page, [network, files[0]]));
  const first = await labels(page);
  await saidAfter(page, () => drop(page, files.slice(1)));
  const all = await labels(page);
  await page.context().close();
  return [...first, ...all.slice(0, files.length - 1)];
}

/** Why the browser would not install the page, in a profile that is nobody's; and how far its icons are from the drawing. */
async function judgeInstallation() {
  const profile = mkdtempSync(`${tmpdir()}/page-profile-`);
  const context = await chromium.launchPersistentContext(profile, CHROMIUM);
  const page = await context.newPage();
  await page.goto(address);
  await ready(page);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  const devtools = await context.newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  const icons = await page.evaluate(compareIcons);
  await context.close();
  rmSync(profile, { recursive: true });
  return { errors: [...errors, ...installabilityErrors].map((error) => JSON.stringify(error)), icons };
}

/** Mean difference of each icon from the drawing of its size, in steps of 255. Runs in the page. */
async function compareIcons() {
  const paint = async (src, side) => {
    const image = Object.assign(new Image(side, side), { src });
    await image.decode();
    const context = Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
    context.drawImage(image, 0, 0, side, side);
    return [image.naturalWidth, context.getImageData(0, 0, side, side).data];
  };
  const differences = [];
  for (const side of [192, 512]) {
    const [[width, icon], [, drawing]] = [await paint(`icon-${side}.png`, side), await paint("icon.svg", side)];
    const sum = icon.reduce((sum, value, i) => sum + Math.abs(value - drawing[i]), 0);
    differences.push(width === side ? sum / icon.length : Infinity);
  }
  return differences;
}

/** Ten pictures of the (artificial) camera for a class, and a question. */
async function useCamera(page) {
  await page.getByText("Camera", { exact: true }).click();
  await page.getByRole("button", { name: "Start the camera" }).click();
  const shoot = page.getByRole("button", { name: "Take a picture" });
  await page.waitForFunction(() => !document.querySelector("#shoot").disabled);
  const answer = await saidAfter(page, () => shoot.click());
  await page.getByLabel("Teach: they show").check();
  await page.getByLabel("Class that they show").fill("what the camera sees");
  await page.getByRole("button", { name: "Take ten" }).click();
  await page.getByRole("button", { name: "Take picture 10 of what the camera sees away" }).waitFor();
  await page.getByRole("button", { name: "Stop the camera" }).click();
  return answer.length > 0;
}

/** Files that are no picture and no network: a line each. */
async function refuse(page) {
  const lines = [];
  const give = async (id, name, content) => {
    await page.locator(id).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
    await page.locator("#notice:not([hidden])").waitFor();
    lines.push(await page.locator("#notice").textContent());
  };
  await page.getByText("Files", { exact: true }).click();
  await give("#files", "letter.txt", "Dear reader");
  await give("#open", "broken.rootstock", "not a network at all");
  return lines;
}

/** What the page looks like, everything on it, in two sizes, light and dark. */
async function takeShots(classes) {
  for (const width of [1280, 360]) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ viewport: { width, height: 800 }, colorScheme });
      await judge(page, `${width} ${colorScheme}, as it opens`);
      await saidAfter(page, () => draw(page, SEVEN));
      await page.getByText("Its cells").click();
      await page.locator("svg.cell").first().waitFor({ state: "attached" });
      await page.getByText("Files", { exact: true }).click();
      await page.getByLabel("Teach: they show").check();
      for (const name of classes) {
        await page.getByLabel("Class that they show").fill(name);
        await page.locator("#files").setInputFiles(listFiles(`teach-${name}`));
        await page.getByRole("heading", { name: new RegExp(`^${name}`) }).waitFor();
      }
      await page.locator("#depth").selectOption(width === 1280 ? "all" : "head");
      await page.getByRole("button", { name: "Learn" }).click();
      await page.getByText(/^Done:/).waitFor();
      await page.getByText("Draw", { exact: true }).click();
      await page.getByLabel("Name what they show").check();
      await saidAfter(page, () => page.getByRole("button", { name: "Ask" }).click());
      await judge(page, `${width} ${colorScheme}, after a lesson`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) complaints.push(`${width} pixels wide: the page is ${overflow} wider`);
      await page.screenshot({ path: `${shots}/page-${width}-${colorScheme}.png`, fullPage: true });
      for (const source of ["Files", "Camera"]) {
        await page.getByText(source, { exact: true }).click();
        await judge(page, `${width} ${colorScheme}, ${source}`);
      }
      await page.context().close();
    }
  }
}

/** Ends the server; what was seen once must still be there. */
async function goOffline(page, name) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await page.reload();
  await ready(page);
  const offline = await askFiles(page, "Clothes", name);
  await page.getByText("Its cells").click();
  await page.locator("svg.cell").first().waitFor({ state: "attached" });
  return offline;
}

const CLASSES = ["zero", "five"];
const page = await open();
const seen = {
  isIsolated: await page.evaluate(() => crossOriginIsolated),
  drawn: await askDrawings(page),
  clothes: await askFiles(page, "Clothes", "clothes"),
  photographs: await askFiles(page, "Photographs", "ask"),
  scenes: await narrow(page, "intel_scenes"),
};
if (isServed) {
  Object.assign(seen, {
    taught: await teach(page, CLASSES),
    saved: await saveAndLoad(page, "ask"),
    hasCamera: await useCamera(page),
    refused: await refuse(page),
    keys: await useKeys(),
    taughtByKeys: await teachByKeys(CLASSES),
    dropped: await useDrops(`${shots}/five-zero.rootstock`, "ask"),
    installation: await judgeInstallation(),
  });
  await takeShots(CLASSES);
} else {
  seen.offline = await goOffline(page, "clothes");
}
await browser.close();
console.log(JSON.stringify({ ...seen, complaints, barriers, foreign }));
