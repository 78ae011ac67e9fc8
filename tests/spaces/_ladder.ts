import { deriveSeed, type GraphBuilder, keyedRandom, type Tensor } from "../../src/network/mod.ts";
import { checkSizes, type DerivedOptions, type PlaceOption, type Space, type SpaceKind } from "../../src/spaces/mod.ts";

const OPERATIONS = ["convolution", "average", "skip"] as const;
type Operation = typeof OPERATIONS[number];

/** A space that has nothing in common with that of DARTS: steps one after another, with one of three operations each. */
export interface LadderSpace extends Space {
  readonly channels: number;
  readonly steps: number;
  /** Operations that each step holds, if some were pruned away. */
  readonly kept?: readonly (readonly Operation[])[] | undefined;
  /** Whether every convolution looks at its neighbours as well, which a method may ask for. */
  readonly isWide?: boolean | undefined;
}

/** What a step may be. */
interface LadderOption extends PlaceOption {
  readonly name: Operation;
}

/** The operation of each step. */
export type Ladder = { readonly steps: readonly Operation[] };

const SETTINGS = [
  { name: "channels", from: 1, to: 64, default: 4, help: "channels" },
  { name: "steps", from: 1, to: 16, default: 3, help: "steps, one after another" },
];

/** The toy kind of space of the tests. */
export const LADDER: SpaceKind<LadderSpace, Ladder> = {
  name: "ladder",
  description: "a toy: steps one after another, with one of three operations each",
  settings: SETTINGS,
  mostCandidates: OPERATIONS.length,
  stem: () => "stem.0.weight",
  check(value) {
    checkSizes(value, SETTINGS);
    const { name, channels, steps, classes, inputChannels, height, width, kept, isWide } =
      value as unknown as LadderSpace;
    return {
      name,
      channels,
      steps,
      classes,
      inputChannels,
      height,
      width,
      ...kept && { kept },
      ...isWide && { isWide },
    };
  },
  describe: ({ name, kept }) => kept ? `${name}, ${Math.max(...kept.map(({ length }) => length))} a step` : name,
  whole: ({ kept: _, isWide: __, ...sizes }) => sizes,
  adapt(space, { isWide, ...others }) {
    if (Object.keys(others).length === 0 && isWide === true) return { ...space, isWide };
    throw new RangeError(`Cannot build the supernet: space ladder has no ${Object.keys(others)}, expected isWide`);
  },
  prune: (space, strengths, keep) => ({
    ...space,
    kept: steps(space).map((step) => {
      const strength = (name: Operation) => strengths[3 * step + OPERATIONS.indexOf(name)]!;
      const best = heldAt(space, step).toSorted((a, b) => strength(b) - strength(a)).slice(0, keep);
      return OPERATIONS.filter((name) => best.includes(name));
    }),
  }),
  groups: (space) => ({
    tensors: [{ name: "ladder_alpha", shape: [space.steps, OPERATIONS.length] }],
    exists: steps(space).flatMap((step) => OPERATIONS.map((name) => heldAt(space, step).includes(name))),
    sums: steps(space),
  }),
  lowerSupernet(builder, space, heads) {
    lower(builder, { space, heads }, (x, step) => {
      const terms = heldAt(space, step).map((name) => ({
        x: lowerOperation(builder, x, { space, step, name, affine: false }),
        mix: 3 * step + OPERATIONS.indexOf(name),
      }));
      return builder.combine(terms);
    });
  },
  samplePath(strengths, space, seed) {
    const random = keyedRandom(seed);
    const path = new Float32Array(strengths.length);
    for (const step of steps(space)) {
      const held = heldAt(space, step);
      path[3 * step + OPERATIONS.indexOf(held[random(held.length)]!)] = 1;
    }
    return path;
  },
  operationOf: (name) => /^steps\.\d+\.[a-z]+(?=\.)/.exec(name)?.[0],
  derive: (strengths, space) => ({
    steps: steps(space).map((step) => {
      const strength = (name: Operation) => strengths[3 * step + OPERATIONS.indexOf(name)]!;
      return heldAt(space, step).toSorted((a, b) => strength(b) - strength(a))[0]!;
    }),
  }),
  probes: (space) => OPERATIONS.map((name) => ({ steps: steps(space).map(() => name) })),
  places: (strengths, space, costs) => ({
    base: costs.map((ofProbe) => ofProbe[OPERATIONS.indexOf("skip")]!),
    options: steps(space).map((step) =>
      heldAt(space, step).map((name): LadderOption => {
        const i = OPERATIONS.indexOf(name);
        const skip = OPERATIONS.indexOf("skip");
        return {
          name,
          strength: strengths[3 * step + i]!,
          costs: costs.map((ofProbe) => (ofProbe[i]! - ofProbe[skip]!) / space.steps),
        };
      })
    ),
    assemble: (chosen) => ({ steps: (chosen as readonly LadderOption[]).map(({ name }) => name) }),
  }),
  randomGenotype(seed, space) {
    const random = keyedRandom(deriveSeed(seed, "genotype"));
    return { steps: steps(space).map(() => OPERATIONS[random(OPERATIONS.length)]!) };
  },
  checkGenotype(value) {
    const { steps } = (value ?? {}) as Ladder;
    if (Array.isArray(steps) && steps.every((name) => OPERATIONS.includes(name))) return { steps };
    throw new TypeError(`Cannot read genotype: steps is ${JSON.stringify(steps)}, expected a list of operations`);
  },
  parseGenotype: (text) => LADDER.checkGenotype(text.startsWith("{") ? JSON.parse(text) : { steps: text.split("-") }),
  formatGenotype: ({ steps }) => steps.join("-"),
  equalGenotypes: (a, b) => String(a.steps) === String(b.steps),
  cells: ({ steps }) => [{
    name: "Ladder",
    states: [
      { name: "stem", role: "input" },
      ...steps.map((_, i) => ({ name: `step ${i + 1}`, role: "inner" } as const)),
    ],
    edges: steps.map((label, from) => ({ from, to: from + 1, label })),
  }],
  lowerDerivedNetwork(builder, { space, genotype, heads }) {
    if (genotype.steps.length !== space.steps) throw new RangeError("Cannot build network: steps differ");
    lower(
      builder,
      { space, heads },
      (x, step) =>
        builder.combine([{
          x: lowerOperation(builder, x, { space, step, name: genotype.steps[step]!, affine: true }),
        }]),
    );
  },
  supernetName: (name) => name,
  layMixing: (state) => state,
};

function steps(space: LadderSpace): number[] {
  return Array.from({ length: space.steps }, (_, step) => step);
}

function heldAt({ kept }: LadderSpace, step: number): readonly Operation[] {
  return kept?.[step] ?? OPERATIONS;
}

function lower(
  builder: GraphBuilder,
  { space, heads }: Pick<DerivedOptions<LadderSpace>, "space" | "heads">,
  lowerStep: (x: Tensor, step: number) => Tensor,
): void {
  const size = { kernel: 3, stride: 1, padding: 1, relu: false };
  let x = builder.convolution(builder.image, { ...size, out: space.channels, weight: "stem.0.weight" });
  builder.normalise(x, { names: ["stem.1"], affine: true });
  for (const step of steps(space)) {
    builder.segment();
    x = lowerStep(x, step);
  }
  const [weight, bias] = ["classifier.weight", "classifier.bias"] as const;
  const groups = heads && { groups: heads };
  const pooled = builder.globalAveragePool([x]);
  builder.classifier(pooled, { weight, bias, classes: space.classes, ...groups });
}

function lowerOperation(
  builder: GraphBuilder,
  x: Tensor,
  { space, step, name, affine }: { space: LadderSpace; step: number; name: Operation; affine: boolean },
): Tensor {
  if (name === "skip") return x;
  const prefix = `steps.${step}.${name}`;
  if (name === "average") {
    const y = builder.pool(x, { kind: "average", kernel: 3, stride: 1, padding: 1 });
    return affine ? y : builder.normalise(y, { names: [`${prefix}.norm`], affine });
  }
  const weight = `${prefix}.weight`;
  const wide = {
    kernel: 3,
    dilation: 1,
    stride: 1,
    depthwise: `${prefix}.depthwise.weight`,
    pointwise: weight,
  } as const;
  const y = space.isWide
    ? builder.depthwisePointwise(x, { ...wide, out: space.channels })
    : builder.pointwise([x], { out: space.channels, relu: true, weight });
  return builder.normalise(y, { names: [`${prefix}.norm`], affine });
}
