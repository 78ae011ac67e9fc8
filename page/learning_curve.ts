import type { FinetuneProgress } from "../src/embed/mod.ts";
import type { Chart } from "../src/report/chart.ts";

type Point = readonly [x: number, y: number];

/** How learning went so far: what it told, as curves. */
export class LearningCurve {
  readonly #accuracy: Point[] = [];
  readonly #losses: Readonly<Record<"finetune" | "train", Point[]>> = { finetune: [], train: [] };

  /** Share of right answers on pictures held back when only the head was fitted; nothing before that. */
  get first(): number | undefined {
    return this.#accuracy[0]?.[1];
  }

  /** The same, of the last epoch. */
  get last(): number | undefined {
    return this.#accuracy.at(-1)?.[1];
  }

  /** Takes what learning tells. */
  add({ stage, epoch, loss, accuracy }: FinetuneProgress): void {
    if (accuracy !== undefined) this.#accuracy.push([stage === "head" ? 0 : epoch, accuracy]);
    // A step tells of the epoch so far; at its end it is told again as a whole.
    if (stage !== "head" && Number.isInteger(epoch)) this.#losses[stage].push([epoch, loss]);
  }

  /** The charts, for `drawChart`; without points they show nothing. */
  get charts(): readonly Chart[] {
    const panel = (heading: string, points: readonly Point[], color: number) => ({
      heading,
      xLabel: "epoch",
      isCount: true,
      series: points.length === 0 ? [] : [{ name: heading, color, points: [...points] }],
    });
    return [
      {
        title: "Right answers on pictures held back",
        values: "share",
        panels: [panel("half of the pictures learn", this.#accuracy, 0)],
      },
      {
        title: "Loss while learning",
        values: "loss",
        panels: [
          panel("half of the pictures", this.#losses.finetune, 0),
          panel("all pictures", this.#losses.train, 2),
        ],
      },
    ];
  }
}
