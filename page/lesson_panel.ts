import type { FinetuneProgress } from "../src/embed/mod.ts";
import { formatShare } from "../src/report/words.ts";
import { find, make } from "./elements.ts";
import { LearningCurve } from "./learning_curve.ts";
import { Lesson, type LessonClass } from "./lesson.ts";
import type { Course, Learnt } from "./networks.ts";
import type { ShownPicture } from "./shown_picture.ts";

/** What the panel needs of the page. */
export interface LessonPanelOptions {
  /** Has the network that is chosen learn; nothing comes back if it was stopped. */
  readonly learn: (course: Course, onProgress: (progress: FinetuneProgress) => void) => Promise<Learnt | undefined>;
  /** Ends it. */
  readonly stop: () => void;
  /** Told of a new network. */
  readonly onLearnt: (learnt: Learnt) => void;
  /** Told what went wrong. */
  readonly onError: (error: unknown) => void;
}

const STAGES = {
  head: "The last layer is fitted",
  finetune: "Learning from half of the pictures",
  train: "Learning from all pictures",
} as const;

/** Classes of the user's own: their pictures, and how learning them goes. */
export class LessonPanel {
  readonly #lesson = new Lesson<ShownPicture>();
  readonly #options: LessonPanelOptions;
  readonly #learn = find("#learn", HTMLButtonElement);
  readonly #stop = find("#stop", HTMLButtonElement);
  readonly #progress = find("#progress", HTMLProgressElement);
  readonly #status = find("#learning", HTMLElement);
  #curve = new LearningCurve();
  #isDrawing = false;
  #stage: FinetuneProgress["stage"] | undefined;

  /** @param options What the page does for it. */
  constructor(options: LessonPanelOptions) {
    this.#options = options;
    this.#learn.addEventListener("click", () => this.#start());
    this.#stop.addEventListener("click", () => options.stop());
    this.#render();
  }

  /** Adds examples of a class. */
  add(name: string, pictures: readonly ShownPicture[]): void {
    this.#lesson.add(name, pictures);
    this.#render();
    const added = this.#lesson.classes.find((one) => one.name === name.trim());
    this.#status.textContent = `${name.trim()}: ${countPictures(added?.examples.length ?? 0)}.`;
  }

  #render(): void {
    const list = find("#lesson", HTMLUListElement);
    list.replaceChildren(...this.#lesson.classes.map((one) => this.#renderClass(one)));
    const { missing } = this.#lesson;
    this.#learn.disabled = missing !== undefined;
    find("#missing", HTMLElement).textContent = missing ?? "";
  }

  #renderClass({ name, examples }: LessonClass<ShownPicture>): HTMLLIElement {
    const pictures = examples.map((example, i) => {
      const button = make("button", { type: "button", title: "Take this picture away" }, [example.thumbnail]);
      button.setAttribute("aria-label", `Take picture ${i + 1} of ${name} away`);
      button.addEventListener("click", () => this.#take(() => this.#lesson.remove(name, example)));
      return button;
    });
    const remove = make("button", { type: "button", className: "quiet", textContent: "Take away" });
    remove.setAttribute("aria-label", `Take away the class ${name}`);
    remove.addEventListener("click", () => this.#take(() => this.#lesson.removeClass(name)));
    const title = make("h3", {}, [
      name,
      make("span", { className: "unit", textContent: countPictures(examples.length) }),
    ]);
    return make("li", { className: "class" }, [
      make("div", { className: "row" }, [title, remove]),
      make("div", { className: "examples" }, pictures),
    ]);
  }

  /** Takes something away; the focus, whose button is gone, stays in the list. */
  #take(work: () => void): void {
    work();
    this.#render();
    const next = document.querySelector<HTMLElement>("#lesson button") ?? find("#class", HTMLInputElement);
    next.focus();
  }

  async #start(): Promise<void> {
    const { examples, labels } = this.#lesson.listAll();
    const isQuick = find("#depth", HTMLSelectElement).value === "head";
    this.#curve = new LearningCurve();
    this.#stage = undefined;
    this.#setBusy(true);
    try {
      const course = { pictures: examples.map(({ picture }) => picture), labels, isQuick };
      const learnt = await this.#options.learn(course, (progress) => this.#tell(progress));
      if (learnt === undefined) this.#status.textContent = "Stopped. The network is as it was.";
      else this.#finish(learnt, examples.length, isQuick);
    } catch (error) {
      this.#status.textContent = "";
      this.#options.onError(error);
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(isBusy: boolean): void {
    this.#stop.hidden = this.#progress.hidden = !isBusy;
    this.#learn.hidden = isBusy;
    if (!isBusy) {
      this.#learn.focus();
      return;
    }
    this.#progress.value = 0;
    this.#status.textContent = "The last layer is being fitted …";
    find("#outcome", HTMLElement).replaceChildren();
    find("#curve", HTMLElement).replaceChildren();
    this.#stop.focus();
  }

  #tell(progress: FinetuneProgress): void {
    this.#curve.add(progress);
    this.#progress.value = progress.done;
    // Once a stage: more would drown whoever listens.
    if (progress.stage !== this.#stage) this.#status.textContent = `${STAGES[progress.stage]} …`;
    this.#stage = progress.stage;
    this.#drawCurve();
  }

  /** At most once a frame; charts are drawn by code that is loaded when it is needed. */
  async #drawCurve(): Promise<void> {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    const [{ renderFigure }] = await Promise.all([
      import("../src/report/chart.ts"),
      new Promise((resolve) => requestAnimationFrame(resolve)),
    ]);
    this.#isDrawing = false;
    find("#curve", HTMLElement).innerHTML = renderFigure(this.#curve.chart);
  }

  #finish(learnt: Learnt, count: number, isQuick: boolean): void {
    const { first, last } = this.#curve;
    const share = (value: number | undefined) => value === undefined ? "–" : formatShare(value);
    const figures = [
      [share(learnt.before), "before: right answers of the old network"],
      [share(first), isQuick ? "after, estimated on pictures held back" : "last layer alone, on pictures held back"],
      ...isQuick ? [] : [[share(last), "after: all weights, on pictures held back"]],
      [`${learnt.seconds.toFixed(1)} s`, `for ${countPictures(count)}`],
    ];
    find("#outcome", HTMLElement).replaceChildren(
      ...figures.map(([value = "", words = ""]) =>
        make("div", { className: "figure" }, [
          make("dt", { textContent: words }),
          make("dd", { textContent: value }),
        ])
      ),
    );
    const after = share(isQuick ? first : last);
    this.#status.textContent = `Done: ${share(learnt.before)} right before, ${after} after. ` +
      "The new network is chosen above; ask it, and save it.";
    this.#options.onLearnt(learnt);
  }
}

function countPictures(count: number): string {
  return `${count} ${count === 1 ? "picture" : "pictures"}`;
}
