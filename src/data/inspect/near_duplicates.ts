import { THUMBNAIL, Thumbnails } from "./thumbnails.ts";

/** Two pictures that show the same, and how much their thumbnails agree. */
export interface NearPair {
  /** The first one's place. */
  readonly first: number;
  /** The second one's, greater. */
  readonly second: number;
  /** Correlation of the thumbnails, at most 1. */
  readonly correlation: number;
}

/**
 * Least correlation of the thumbnails of pictures that show the same. Measured on photographs of 96 pixels: the same one at half the
 * size and as JPEG of quality 60 has 0.996 or more, the nearest of different ones 0.92 (imagenette), 0.95 (food). Tiny images have no
 * detail by which different ones could be told: different ones of Fashion-MNIST reach 0.9987.
 */
const leastCorrelation = { picture: 0.995, tinyImage: 0.9995 } as const;

/** Below so many pixels of its shorter side an image is tiny. */
const tinySide = 64;

/** Pairs that are compared at most, some ten seconds; more only happens where nearly all images look the same. */
const mostComparisons = 3_000_000_000;

/**
 * Finds pictures that show the same though they are not the same bytes: encoded anew, resized, brighter or darker. Two pictures are
 * compared only if they fall into neighbouring cells of a grid over a few coarse features, of which no near pair can differ by more
 * than its distance, so that none is missed; 100,000 photographs take seconds.
 *
 * @param thumbnails Thumbnails of all pictures.
 * @param sides Shorter side of each picture's source, in pixels.
 * @returns The pairs; `isWhole` is false if the search was given up since nearly all look the same.
 */
export function findNearPairs(
  thumbnails: Thumbnails,
  sides: ArrayLike<number>,
): { pairs: NearPair[]; isWhole: boolean } {
  const places = Array.from({ length: thumbnails.count }, (_, i) => i).filter((i) =>
    thumbnails.correlation(i, i) > 0.5
  );
  // What is seen of the smaller of the two decides.
  const limitOf = (a: number, b: number) =>
    Math.min(sides[a]!, sides[b]!) < tinySide ? leastCorrelation.tinyImage : leastCorrelation.picture;
  const isTiny = places.every((index) => sides[index]! < tinySide);
  const radius = distanceOf(isTiny ? leastCorrelation.tinyImage : leastCorrelation.picture);
  const grid = sortIntoGrid(thumbnails, places, radius);
  const pairs: NearPair[] = [];
  const isWhole = forEachNeighbours(grid, radius, (a, b) => {
    const correlation = thumbnails.correlation(a, b);
    if (correlation >= limitOf(a, b)) pairs.push({ first: Math.min(a, b), second: Math.max(a, b), correlation });
  });
  return { pairs, isWhole };
}

/** Distance of vectors of length 1 that have a correlation. */
function distanceOf(correlation: number): number {
  return Math.sqrt(2 * (1 - correlation));
}

/** Features a picture: inner products with waves of the longest lengths, orthonormal, so that distances never grow by them. */
const waves = [[0, 1], [1, 0], [1, 1], [0, 2], [2, 0], [1, 2], [2, 1], [0, 3]] as const;

/** A cosine of the discrete transform (DCT-II) over height and width, the same in all channels, of length 1. */
function wave(vertical: number, horizontal: number): Float64Array {
  const { height, width, channels } = THUMBNAIL;
  const vector = Float64Array.from({ length: Thumbnails.size }, (_, i) => {
    const column = Math.floor(i / channels) % width;
    const row = Math.floor(i / channels / width);
    return Math.cos(Math.PI * vertical * (row + 0.5) / height) *
      Math.cos(Math.PI * horizontal * (column + 0.5) / width);
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Pictures in the order of their cells; the first three features, from -1 to 1, span the grid. */
interface Grid {
  /** Places of the pictures. */
  readonly places: readonly number[];
  /** Cell of each, ascending: (x * side + y) * side + z. */
  readonly cells: Float64Array;
  /** Cells along an axis, with empty ones at both ends. */
  readonly side: number;
  /** Features of each, one after the other. */
  readonly features: Float32Array;
}

function sortIntoGrid(thumbnails: Thumbnails, places: readonly number[], width: number): Grid {
  const basis = waves.map(([vertical, horizontal]) => wave(vertical, horizontal));
  const side = Math.ceil(2 / width) + 3;
  const found = places.map((place) => {
    const thumbnail = thumbnails.of(place);
    const features = basis.map((vector) => innerProduct(vector, thumbnail));
    const cell = features.slice(0, 3).reduce((key, value) => key * side + Math.floor((value + 1) / width) + 1, 0);
    return { place, features, cell };
  }).sort((a, b) => a.cell - b.cell || a.place - b.place);
  return {
    places: found.map(({ place }) => place),
    cells: Float64Array.from(found, ({ cell }) => cell),
    side,
    features: Float32Array.from(found.flatMap(({ features }) => features)),
  };
}

function innerProduct(a: Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Calls for each two pictures whose features are not farther apart than the radius; false if it was given up. */
function forEachNeighbours(grid: Grid, radius: number, call: (a: number, b: number) => void): boolean {
  const { places, cells, side } = grid;
  let comparisons = 0;
  for (let start = 0, end = 0; start < places.length; start = end) {
    end = firstFrom(cells, cells[start]! + 1);
    // Cells that differ in the last axis alone follow one another.
    for (let neighbour = 0; neighbour < 9; neighbour++) {
      const row = cells[start]! + (Math.floor(neighbour / 3) - 1) * side * side + (neighbour % 3 - 1) * side;
      const [from, to] = [firstFrom(cells, row - 1), firstFrom(cells, row + 2)];
      if (to <= start) continue;
      comparisons += (end - start) * (to - from);
      if (comparisons > mostComparisons) return false;
      for (let i = start; i < end; i++) {
        for (let j = Math.max(from, i + 1); j < to; j++) {
          if (isNear(grid.features, i, j, radius * radius)) call(places[i]!, places[j]!);
        }
      }
    }
  }
  return true;
}

/** Place of the first cell from a number on. */
function firstFrom(cells: Float64Array, cell: number): number {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle]! < cell) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isNear(features: Float32Array, a: number, b: number, squaredRadius: number): boolean {
  let sum = 0;
  for (let i = a * waves.length, j = b * waves.length, end = i + waves.length; i < end; i++, j++) {
    const difference = features[i]! - features[j]!;
    sum += difference * difference;
    if (sum > squaredRadius) return false;
  }
  return true;
}
