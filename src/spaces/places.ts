/** One way to fill a place of an architecture. */
export interface PlaceOption {
  /** How strongly a search speaks for it. */
  readonly strength: number;
  /** What it adds to each cost of the network. */
  readonly costs: readonly number[];
}

/**
 * Architectures as places, each to be filled in one of several ways: strengths and costs of a network are the sums over them.
 * What that is in a space only its kind knows.
 */
export interface Places<Architecture> {
  /** What is in every network, by cost. */
  readonly base: readonly number[];
  /** The options of each place, at least one. */
  readonly options: readonly (readonly PlaceOption[])[];
  /** The architecture of a choice. */
  assemble(chosen: readonly PlaceOption[]): Architecture;
}

/** Some places filled. */
interface Choice {
  readonly strength: number;
  readonly costs: readonly number[];
  /** What was put into the last place. */
  readonly option?: PlaceOption;
  /** The places before. */
  readonly earlier?: Choice;
}

/** Choices that may be kept at a place: beyond them an exact answer would take minutes. */
const MOST_CHOICES = 20_000;

/**
 * Finds the strongest choices within limits, exactly.
 *
 * Costs add up, so that the choices for the first places that no other beats in strength and in all costs are all that the next
 * place needs to know (dynamic programming over the Pareto front of multiple-choice knapsacks; Kellerer, Pferschy and Pisinger,
 * 2004, chapters 9 and 11). For the n strongest, those that fewer than n others beat.
 *
 * @param places The places.
 * @param most The largest sum of each cost.
 * @param count Choices that are wanted.
 * @returns At most so many, one option a place, the strongest first; of equal ones that of smaller costs, then of options that come
 * earlier. None if nothing fits.
 * @throws {RangeError} If an exact answer would take too long, which several limits at once may come to.
 */
export function fillPlaces(
  { base, options }: Pick<Places<unknown>, "base" | "options">,
  { most, count }: { most: readonly number[]; count: number },
): PlaceOption[][] {
  let front: readonly Choice[] = [{ strength: 0, costs: base }];
  const left = leastAfter(options, base.length);
  for (const [place, ways] of options.entries()) {
    const rest = left[place + 1]!;
    const fits = ({ costs }: Choice) => costs.every((cost, i) => cost + rest[i]! <= most[i]!);
    const worthwhile = unbeaten(ways, count);
    front = unbeaten(
      front.flatMap((earlier) => worthwhile.map((option) => extend(earlier, option)).filter(fits)),
      count,
    );
    if (front.length > MOST_CHOICES) {
      throw new RangeError(
        `Cannot derive within ${most.length} limits at once: too many architectures are neither larger nor weaker than others, ` +
          "expected fewer limits or candidates",
      );
    }
  }
  return front.toSorted((a, b) => b.strength - a.strength).slice(0, count).map(optionsOf);
}

/**
 * The least that a network can come to, for each cost by itself.
 *
 * @param places The places.
 * @returns One sum a cost.
 */
export function leastCosts({ base, options }: Pick<Places<unknown>, "base" | "options">): number[] {
  return base.map((cost, i) => cost + leastAfter(options, base.length)[0]![i]!);
}

/** Least sums over the places from each on, and 0 after the last. */
function leastAfter(options: Places<unknown>["options"], costs: number): number[][] {
  const sums = [new Array<number>(costs).fill(0)];
  for (const ways of options.toReversed()) {
    sums.unshift(sums[0]!.map((sum, i) => sum + Math.min(...ways.map((option) => option.costs[i]!))));
  }
  return sums;
}

function extend(earlier: Choice, option: PlaceOption): Choice {
  return {
    strength: earlier.strength + option.strength,
    costs: earlier.costs.map((cost, i) => cost + option.costs[i]!),
    option,
    earlier,
  };
}

function optionsOf(choice: Choice): PlaceOption[] {
  const options: PlaceOption[] = [];
  for (let last: Choice | undefined = choice; last?.option; last = last.earlier) options.unshift(last.option);
  return options;
}

/** Those that fewer than `count` others beat, by their costs; of equal ones the first. */
function unbeaten<Kind extends PlaceOption>(all: readonly Kind[], count: number): Kind[] {
  const kept: Kind[] = [];
  // Strengths of those kept, as far as they are among the largest.
  const largest: number[] = [];
  for (const one of all.toSorted(byCosts)) {
    const asStrong = largest.findLastIndex((strength) => strength >= one.strength) + 1;
    // Where there is one cost, all that come before are no larger.
    if (asStrong >= count && (one.costs.length === 1 || isBeaten(one, kept, count))) continue;
    kept.push(one);
    largest.splice(asStrong, 0, one.strength);
    largest.length = Math.min(largest.length, count);
  }
  return kept;
}

function byCosts(a: PlaceOption, b: PlaceOption): number {
  for (let i = 0; i < a.costs.length; i++) {
    if (a.costs[i] !== b.costs[i]) return a.costs[i]! - b.costs[i]!;
  }
  return b.strength - a.strength;
}

/** Whether at least `count` of those kept so far, none of which has a larger first cost, are as strong and no larger. */
function isBeaten(one: PlaceOption, kept: readonly PlaceOption[], count: number): boolean {
  let better = 0;
  // From the end: what is nearly as large is most likely to be as strong.
  for (let i = kept.length - 1; i >= 0; i--) {
    const other = kept[i]!;
    if (other.strength < one.strength) continue;
    if (other.costs.every((cost, k) => cost <= one.costs[k]!) && ++better === count) return true;
  }
  return false;
}
