import { transfer } from "../../pipelines/mod.ts";
import type { Card } from "../../zoo/mod.ts";
import { type ArmRow, planOf } from "./arm.ts";

/** A transfer from the nearest supernet. */
export const selectedArm: ArmRow = transferArm({
  name: "selected",
  summary: "transfer from the supernet whose data is nearest to the target",
  source: "auto",
});

/** A transfer from the nearest supernet of a single dataset. */
export const selectedSingleArm: ArmRow = transferArm({
  name: "selected-single",
  summary: "transfer from the nearest supernet that was pretrained on a single dataset",
  source: "single",
});

/** A transfer from the supernet of several datasets. */
export const multiArm: ArmRow = transferArm({
  name: "multi",
  summary: "transfer from the supernet that was pretrained on several datasets",
  source: "multi",
});

/** A transfer from any supernet. */
export const randomArm: ArmRow = transferArm({
  name: "random",
  summary: "transfer from a supernet drawn by the seed",
  source: "random",
});

/** A transfer from an entry that the user names: the arm is called after it. */
export const fromEntryArm: ArmRow = transferArm({
  name: "from-NAME",
  summary: "transfer from the entry of that name",
});

function transferArm(own: Pick<ArmRow, "name" | "summary" | "source">): ArmRow {
  return {
    ...own,
    startsFrom: "supernet",
    isBySource: true,
    whyNot,
    plan({ target, seed, source: name }, { zoo, transfer: options }) {
      const source = { ...options.source, name, zoo };
      return planOf("transfer", transfer, { ...options, target, seed, source }, options.search.epochs);
    },
  };
}

function whyNot(cards: readonly Card[], source: string | undefined): string | undefined {
  if (source === undefined) return "no entry of the zoo was pretrained on several datasets";
  if (source === "auto" || source === "random") return cards.length > 0 ? undefined : "the zoo has no entry";
  if (source === "single") {
    return cards.some(({ sources }) => sources.length === 1) ? undefined : "no entry of the zoo has a single dataset";
  }
  return cards.some(({ name }) => name === source) ? undefined : `the zoo has no entry ${source}`;
}
