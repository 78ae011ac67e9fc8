import type { FinetuneProgress } from "../src/embed/mod.ts";
import type { Chart } from "../src/report/chart.ts";

/** How learning went so far: right answers on pictures held back, as a curve. */
export class LearningCurve {
  readonly #accuracy: (readonly [epoch: number, accuracy: number])[] = [];

  /** Share of right answers on pictures held back when only the head was fitted; nothing before that. */
  get first(): number | undefined {
    return this.#accuracy[0]?.[1];
  }

  /** The same, of the last epoch. */
  get last(): number | undefined {
    return this.#accuracy.at(-1)?.[1];
  }

  /** Takes what learning tells. */
  add({ stage, epoch, accuracy }: FinetuneProgress): void {
    if (accuracy !== undefined) this.#accuracy.push([stage === "head" ? 0 : epoch, accuracy]);
  }

  /** The chart; it shows nothing before the first epoch: the head alone is a figure, not a curve. */
  get chart(): Chart {
    const name = "half of the pictures learn";
    const series = this.#accuracy.length < 2 ? [] : [{ name, color: 0, points: [...this.#accuracy] }];
    return {
      title: "Right answers on pictures held back",
      values: "share",
      panels: [{ heading: name, xLabel: "epoch", isCount: true, series }],
    };
  }
}
