import { rankClasses } from "../src/network/mod.ts";
import type { Collection } from "./shipped_network.ts";
import { type Cell, type FinetuneProgress, load, type Model, type Picture, type Prediction } from "../src/embed/mod.ts";

/** What the page tells of a network. */
export interface Facts {
  /** Which one it is, for further questions. */
  readonly id: number;
  /** What its file calls it, if it does. */
  readonly name: string | undefined;
  /** Terms of use, as its file states them. */
  readonly licence: string | undefined;
  /** Names of its classes. */
  readonly classes: readonly string[];
  /** Side of its images in pixels. */
  readonly side: number;
  /** Whether it sees colours. */
  readonly isColour: boolean;
  /** Its architecture. */
  readonly cells: readonly Cell[];
}

/** What a network says of pictures. */
export interface Answers {
  /** For each picture its likeliest classes, the likeliest first. */
  readonly answers: readonly (readonly Prediction[])[];
  /** How long it took, from encoded files to answers. */
  readonly milliseconds: number;
}

/** What is learnt, and how. */
export interface Course {
  /** The pictures. */
  readonly pictures: readonly Picture[];
  /** Name of the class of each. */
  readonly labels: readonly string[];
  /** Whether the head alone is fitted. */
  readonly isQuick: boolean;
}

/** What came of a course. */
export interface Learnt {
  /** The new network. */
  readonly facts: Facts;
  /** Share of the course's pictures that the old network named rightly. */
  readonly before: number;
  /** How long learning took. */
  readonly seconds: number;
}

/** Answers of a picture by which it is timed; the median counts. */
const TIMES = 31;

/** The networks of a page, by number. It lives in a worker: whatever takes long is done here. */
export class Networks {
  readonly #models: Model[] = [];
  #stop: AbortController | undefined;

  /**
   * Opens a network.
   *
   * @param file Its whole file.
   * @returns What is to be told of it.
   * @throws {FormatError} If it holds no network; one line.
   */
  async open(file: Uint8Array | ArrayBuffer): Promise<Facts> {
    return this.#keep(await load(file));
  }

  /**
   * Names what pictures show. Classes of one name count as one: a network of several datasets may know elephants twice.
   *
   * @param id The network.
   * @param pictures The pictures.
   * @param top Classes to name of each.
   * @param among The classes that come into question; all if left out. Their probabilities add up to 1.
   * @returns Its answers.
   * @throws {Error} If a picture cannot be read.
   */
  async ask(id: number, pictures: readonly Picture[], top: number, among?: Collection): Promise<Answers> {
    const start = performance.now();
    const model = this.#find(id);
    const { first, end } = among ?? { first: 0, end: model.classes.length };
    const classes = model.classes.slice(first, end);
    const rows = await model.logits(pictures);
    const answers = rows.map((row) => mergeNames(rankClasses(row.subarray(first, end), classes)).slice(0, top));
    return { answers, milliseconds: performance.now() - start };
  }

  /**
   * Times a picture.
   *
   * @param id The network.
   * @param picture The picture.
   * @returns Milliseconds from the picture to an answer, the median of several.
   */
  async time(id: number, picture: Picture): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < TIMES; i++) times.push((await this.ask(id, [picture], 1)).milliseconds);
    return times.sort((a, b) => a - b)[TIMES >> 1]!;
  }

  /**
   * Has a network learn classes of the user's own; the old one stays.
   *
   * @param id The network whose body learns.
   * @param course What it learns from.
   * @param onProgress Told as the library tells it.
   * @returns The new network; nothing if it was stopped.
   * @throws {RangeError} If the course cannot be learnt from.
   */
  async learn(
    id: number,
    { pictures, labels, isQuick }: Course,
    onProgress: (progress: FinetuneProgress) => void,
  ): Promise<Learnt | undefined> {
    const stop = this.#stop = new AbortController();
    const { signal } = stop;
    const model = this.#find(id);
    const start = performance.now();
    try {
      const { answers } = await this.ask(id, pictures, 1);
      const right = answers.filter(([first], i) => first!.label === labels[i]).length;
      const learnt = await model.finetune(pictures, labels, { epochs: isQuick ? 0 : undefined, onProgress, signal });
      const seconds = (performance.now() - start) / 1000;
      return { facts: this.#keep(learnt), before: right / pictures.length, seconds };
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** Ends what is being learnt, at its next step. */
  stop(): void {
    this.#stop?.abort();
  }

  /**
   * Writes a network.
   *
   * @param id The network.
   * @returns A `.rootstock` file, which gives the same answers.
   */
  async save(id: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#find(id).save();
  }

  #find(id: number): Model {
    const model = this.#models[id];
    if (model === undefined) throw new RangeError(`Cannot find the network ${id}: there are ${this.#models.length}`);
    return model;
  }

  #keep(model: Model): Facts {
    const id = this.#models.push(model) - 1;
    const { classes, about: { name, licence }, shape, cells } = model;
    return {
      id,
      name,
      licence,
      classes: [...new Set(classes)],
      side: shape.width,
      isColour: shape.channels === 3,
      cells,
    };
  }
}

/** Adds up what is said of classes of the same name; the likeliest first. */
function mergeNames(ranked: ReturnType<typeof rankClasses>): Prediction[] {
  const sums = new Map<string, number>();
  for (const { class: label, probability } of ranked) sums.set(label, (sums.get(label) ?? 0) + probability);
  return Array.from(sums, ([label, probability]) => ({ label, probability }))
    .sort((a, b) => b.probability - a.probability);
}
