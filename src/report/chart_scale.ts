// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog } from "d3-scale";

/** What an axis tells: shares, shown as percentages, or losses in nats. */
export type Values = "share" | "loss";

/** A vertical axis. */
export interface ValueScale {
  /** Smallest and largest value that the axis shows. */
  readonly domain: readonly [low: number, high: number];
  /** Where grid lines are. */
  readonly ticks: readonly number[];
  /** Whether equal distances are equal ratios. */
  readonly isLogarithmic: boolean;
  /** Height of a value in pixels. */
  place(value: number): number;
}

/** Values further out than so many interquartile ranges are outliers (Tukey's "far out"). */
const FENCE = 3;
/** Outliers are cut off only where they would leave the other values less than this share of the axis. */
const LEAST_SHARE = 0.5;
/** From this ratio of largest to smallest on, a loss is drawn on a logarithmic scale. */
const WIDE = 4;

/**
 * Limits that a few values far from all others cannot stretch.
 *
 * @param values Any number of finite values; at least one.
 * @returns Lowest and highest of all values, or of those that are no outliers where these would take more than half of
 *   the axis for themselves.
 */
export function robustLimits(values: readonly number[]): readonly [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const fence = FENCE * (third - first);
  const kept = sorted.filter((value) => value >= first - fence && value <= third + fence);
  const [keptLow, keptHigh] = [kept[0]!, kept.at(-1)!];
  const isStretched = keptHigh > keptLow && keptHigh - keptLow < LEAST_SHARE * (high - low);
  return isStretched ? [keptLow, keptHigh] : [low, high];
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at % 1);
}

/**
 * The axis of shares: from a round percentage to at most 100 %.
 *
 * @param values Shares, 0 to 1; at least one.
 * @param range Pixels of the low and the high end.
 * @returns The axis.
 */
export function shareScale(values: readonly number[], range: readonly [low: number, high: number]): ValueScale {
  const scale = scaleLinear().domain(spread(Math.min(...values), Math.max(...values))).nice(5);
  const [low, high] = scale.domain() as [number, number];
  scale.domain([Math.max(0, low), Math.min(1, high)]).range(range);
  return finish(scale, scale.ticks(5), false);
}

/**
 * The axis of losses: logarithmic where they differ by ratios, linear where they hardly differ; outliers do not stretch it.
 *
 * @param values Losses, at least one; zero has no place on a logarithmic axis and lies below its end.
 * @param range Pixels of the low and the high end.
 * @returns The axis.
 */
export function lossScale(values: readonly number[], range: readonly [low: number, high: number]): ValueScale {
  const positive = values.filter((value) => value > 0);
  if (positive.length > 0 && values.every((value) => value >= 0)) {
    const [low, high] = robustLimits(positive.map(Math.log)).map(Math.exp) as [number, number];
    if (high / low >= WIDE) {
      const ends = [roundDown(low), roundUp(high)] as const;
      return finish(scaleLog().domain(ends).range(range), logarithmicTicks(ends), true);
    }
  }
  const scale = scaleLinear().domain(spread(...robustLimits(values))).nice(5).range(range);
  return finish(scale, scale.ticks(5), false);
}

function finish(
  scale: { (value: number): number; domain(): number[] },
  ticks: readonly number[],
  isLogarithmic: boolean,
): ValueScale {
  const [low, high] = scale.domain() as [number, number];
  // A logarithm of nothing is at no height: far enough below the end of the axis.
  const place = (value: number) => scale(isLogarithmic ? Math.max(value, low / 1e3) : value);
  return { domain: [low, high], ticks, isLogarithmic, place };
}

const STEPS = [1, 2, 5, 10];

function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return STEPS.findLast((step) => step * power <= value * (1 + 1e-9))! * power;
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return STEPS.find((step) => step * power >= value * (1 - 1e-9))! * power;
}

/** 1, 2, 5, 10 … within the ends, or only the powers of ten if those were too many. */
function logarithmicTicks([low, high]: readonly [number, number]): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const isWithin = (tick: number) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9);
  const fine = powers.flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power)).filter(isWithin);
  return fine.length <= 10 ? fine : powers.map((power) => 10 ** power).filter(isWithin);
}

/**
 * Ticks of a logarithmic axis of sizes, whose ends are data and no round numbers.
 *
 * @param ends Smallest and largest size, above 0.
 * @param most Most ticks that there is room for.
 * @returns Round numbers within the ends: the finest of some usual ladders that has room.
 */
export function sizeTicks([low, high]: readonly [low: number, high: number], most: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, i) => Math.floor(Math.log10(low)) + i,
  );
  const ladders = [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]];
  const within = ladders.map((steps) =>
    powers.flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(2))))
      .filter((tick) => tick >= low && tick <= high)
  ).filter(({ length }) => length >= 2 && length <= most);
  return within[0] ?? scaleLinear().domain([low, high]).ticks(Math.min(4, most));
}

/** A range of some extent, whatever the values are. */
export function spread(low: number, high: number): [number, number] {
  if (high > low) return [low, high];
  const margin = Math.abs(low) * 0.1 || 0.5;
  return [low - margin, high + margin];
}

/** A unit of time for an axis that ends at so many seconds. */
export function timeUnit(seconds: number): { readonly name: string; readonly seconds: number } {
  if (seconds <= 180) return { name: "seconds", seconds: 1 };
  if (seconds <= 3 * 3600) return { name: "minutes", seconds: 60 };
  return { name: "hours", seconds: 3600 };
}

/** A value for those who look closely. */
export function formatValue(value: number, values: Values): string {
  return values === "share" ? `${(100 * value).toFixed(2)} %` : String(Number(value.toPrecision(3)));
}

/** A value beside its mark. */
export function formatShort(value: number, values: Values): string {
  return values === "share" ? `${(100 * value).toFixed(1)} %` : String(Number(value.toPrecision(2)));
}

/** A value on an axis. */
export function formatTick(value: number, values: Values): string {
  return values === "share" ? `${Number((100 * value).toFixed(1))} %` : String(Number(value.toPrecision(3)));
}

/** A size as it is typed: `950`, `23.5k`, `1.2M`. */
export function formatSize(size: number): string {
  const [unit, letter] = size >= 999_500 ? [1e6, "M"] : size >= 1000 ? [1e3, "k"] : [1, ""];
  return `${Number((size / unit).toPrecision(3))}${letter}`;
}
