/**
 * The page: which network, which pictures, what they are for.
 *
 * @module
 */
import { proxy, wrap } from "comlink";
import type { Picture } from "../src/embed/mod.ts";
import { AnswerList, TOP } from "./answer_list.ts";
import { Camera } from "./camera.ts";
import { Drawing } from "./drawing.ts";
import { find } from "./elements.ts";
import { fileNameFor, partFiles } from "./file_kinds.ts";
import { LessonPanel } from "./lesson_panel.ts";
import { type Choice, NetworkPanel } from "./network_panel.ts";
import type { Answers, Facts, Networks } from "./networks.ts";
import { attempt, complain } from "./notice.ts";
import { keepOffline } from "./offline.ts";
import type { ShippedNetwork } from "./shipped_network.ts";
import { openPicture, type ShownPicture } from "./shown_picture.ts";

const networks = wrap<Networks>(new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));

/** The network that is asked, opened at most once. */
let chosen: { readonly choice: Choice; readonly facts: Promise<Facts> } | undefined;
/** What was asked last of the network. */
let asked: readonly ShownPicture[] = [];
/** Whether the latest question was the drawing, which further strokes make another one. */
let isDrawingAsked = false;

const answers = new AnswerList();
const camera = new Camera();
const drawing = new Drawing(() => attempt(askDrawing));
const panel = new NetworkPanel((choice) => attempt(() => choose(choice)), () => attempt(askAgain));
const lesson = new LessonPanel({
  learn: async (course, onProgress) => await networks.learn(await chosenId(), course, proxy(onProgress)),
  stop: () => networks.stop(),
  onLearnt: ({ facts }) => addNetwork(facts, facts.classes.join(", ")),
  onError: complain,
});

async function choose(choice: Choice): Promise<void> {
  const mine = chosen = { choice, facts: choice.open() };
  isDrawingAsked = false;
  asked = [];
  answers.clear();
  const facts = await mine.facts;
  // Another one may have been chosen, and have opened sooner.
  if (chosen !== mine) return;
  await panel.show(choice, facts);
  if (!drawing.isEmpty && sourceOf() === "draw") await askDrawing();
}

async function chosenId(): Promise<number> {
  if (!chosen) throw new Error("No network is chosen: choose one, or open a .rootstock file");
  return (await chosen.facts).id;
}

/** Adds a network that is in memory, and chooses it. */
function addNetwork(facts: Facts, title: string): void {
  const choice = { title, hint: "", open: () => Promise.resolve(facts) };
  panel.add(choice);
  panel.choose(choice);
}

async function openNetwork(file: File): Promise<void> {
  const bytes = await file.arrayBuffer();
  const facts = await networks.open(bytes).catch(({ message }: Error) => {
    throw new Error(message.replace("the model", file.name));
  });
  addNetwork(facts, facts.name ?? file.name.replace(/\.\w+$/, ""));
}

async function fetchFile(file: string): Promise<ArrayBuffer> {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file}: found status ${response.status}, expected a file of this page`);
  return await response.arrayBuffer();
}

/** A network of the page, which is fetched when it is chosen. */
function shippedChoice({ file, title, hint, collections }: ShippedNetwork): Choice {
  let facts: Promise<Facts> | undefined;
  const open = async () => await networks.open(await fetchFile(file));
  return {
    title,
    hint,
    collections,
    open: () => facts ??= open().catch((error) => (facts = undefined, Promise.reject(error))),
  };
}

async function ask(pictures: readonly ShownPicture[], isRevised = false): Promise<void> {
  asked = pictures;
  answers.show(pictures, await requestAnswers(pictures), isRevised);
}

async function requestAnswers(pictures: readonly ShownPicture[]): Promise<Answers> {
  const files: Picture[] = pictures.map(({ picture }) => picture);
  return await networks.ask(await chosenId(), files, TOP, panel.among);
}

/** Asks the latest pictures again, when other classes come into question. */
async function askAgain(): Promise<void> {
  const pictures = asked;
  const found = pictures.length === 0 ? undefined : await requestAnswers(pictures);
  answers.clear();
  if (found) answers.show(pictures, found);
}

/** A drawing is asked again after every stroke; what it was before is no answer any more. */
async function askDrawing(): Promise<void> {
  if (drawing.isEmpty || isExample()) return;
  const isRevised = isDrawingAsked;
  isDrawingAsked = true;
  await ask([drawing.copy()], isRevised);
}

function isExample(): boolean {
  return find("#example", HTMLInputElement).checked;
}

function sourceOf(): string {
  return find("input[name=source]:checked", HTMLInputElement).value;
}

/** Gives pictures to what they are for. */
async function use(pictures: readonly ShownPicture[]): Promise<void> {
  if (pictures.length === 0) return;
  if (!isExample()) {
    isDrawingAsked = false;
    return await ask(pictures);
  }
  const name = find("#class", HTMLInputElement);
  if (name.value.trim() === "") {
    name.focus();
    throw new Error("Name the class first: what do these pictures show?");
  }
  lesson.add(name.value, pictures);
}

async function takeFiles(files: Iterable<File>): Promise<void> {
  const { networks: networkFiles, pictures } = partFiles(files);
  for (const file of networkFiles) await openNetwork(file);
  const opened = await Promise.allSettled(pictures.map(openPicture));
  await use(opened.flatMap((result) => result.status === "fulfilled" ? [result.value] : []));
  const broken = opened.find((result) => result.status === "rejected");
  if (broken) throw broken.reason;
}

function listenToFiles(): void {
  for (const id of ["#files", "#open"]) {
    const input = find(id, HTMLInputElement);
    input.addEventListener("change", () =>
      attempt(async () => {
        const files = [...input.files ?? []];
        // So that the same file can be chosen again.
        input.value = "";
        await takeFiles(files);
      }));
  }
  const mark = (isOver: boolean) => document.documentElement.classList.toggle("dropping", isOver);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget === null && mark(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    // Read now: the list is emptied when this returns.
    const files = [...event.dataTransfer?.files ?? []];
    attempt(() => takeFiles(files));
  });
}

/** Shows one source of pictures, and switches the camera off when it is not the one. */
function showSource(): void {
  const source = sourceOf();
  for (const name of ["files", "camera", "draw"]) find(`#from-${name}`, HTMLElement).hidden = name !== source;
  if (source !== "camera" && camera.isOn) toggleCamera();
}

async function toggleCamera(): Promise<void> {
  if (camera.isOn) camera.stop();
  else await camera.start();
  find("#camera", HTMLButtonElement).textContent = camera.isOn ? "Stop the camera" : "Start the camera";
  for (const id of ["#shoot", "#series"]) find(id, HTMLButtonElement).disabled = !camera.isOn;
}

function showPurpose(): void {
  const isTaught = isExample();
  find("#class-field", HTMLElement).hidden = !isTaught;
  find("#use-drawing", HTMLButtonElement).textContent = isTaught ? "Add the drawing" : "Ask";
}

/** Gives the drawing away; examples are followed by the next one. */
async function useDrawing(): Promise<void> {
  if (drawing.isEmpty) throw new Error("Nothing is drawn yet");
  if (!isExample()) return await askDrawing();
  await use([drawing.copy()]);
  drawing.clear();
}

async function timePicture(): Promise<void> {
  const picture = answers.latest?.picture;
  if (picture === undefined) return;
  const milliseconds = await networks.time(await chosenId(), picture);
  find("#speed", HTMLElement).textContent = `${milliseconds.toFixed(1)} ms a picture, with decoding and resizing: ${
    Math.round(1000 / milliseconds).toLocaleString("en")
  } a second, on one thread.`;
}

async function saveNetwork(): Promise<void> {
  const id = await chosenId();
  const url = URL.createObjectURL(new Blob([await networks.save(id)], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: fileNameFor(chosen!.choice.title) });
  link.click();
  URL.revokeObjectURL(url);
}

function onClick(id: string, work: () => Promise<void> | void): void {
  find(id, HTMLButtonElement).addEventListener("click", () => attempt(work));
}

function listen(): void {
  listenToFiles();
  onClick("#camera", toggleCamera);
  onClick("#shoot", () => use([camera.take()]));
  onClick("#series", () => camera.takeSeries((picture) => attempt(() => use([picture]))));
  onClick("#use-drawing", useDrawing);
  onClick("#clear", () => {
    drawing.clear();
    isDrawingAsked = false;
  });
  onClick("#time", timePicture);
  onClick("#save", saveNetwork);
  for (const radio of document.querySelectorAll("input[name=source]")) radio.addEventListener("change", showSource);
  for (const radio of document.querySelectorAll("input[name=purpose]")) radio.addEventListener("change", showPurpose);
  showSource();
  showPurpose();
}

async function start(): Promise<void> {
  const shipped: ShippedNetwork[] = JSON.parse(new TextDecoder().decode(await fetchFile("models.json")));
  const choices = shipped.map(shippedChoice);
  panel.add(...choices);
  panel.choose(choices[0]!);
}

listen();
answers.clear();
await attempt(start);
await keepOffline().catch(complain);
