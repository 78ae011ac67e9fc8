import type { ChoiceSetting, ImageSizes, Space, SpaceSetting, SupernetRequest } from "./space.ts";
import { spaceKind } from "./table.ts";

/** Sizes and choices of a space by the name of their setting. */
export type Sizes = Readonly<Record<string, number | string>>;

/**
 * Makes a space from what a dataset and a user say of it.
 *
 * @param basis Name of the kind, and what the networks read and tell apart.
 * @param sizes Sizes and choices of the kind; its defaults for those left out.
 * @returns The space.
 * @throws {TypeError} If there is no such kind.
 * @throws {RangeError} If the kind has no such size, or it is out of bounds; names it, its value and the bounds.
 * @example DARTS' space for grey images of ten classes
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { describeSizes, makeSpace } from "./mod.ts";
 *
 * const digits = { name: "darts", classes: 10, inputChannels: 1, height: 8, width: 8 } as const;
 * const space = makeSpace(digits, { channels: 4, cells: 3, nodes: 2 });
 * assertEquals(describeSizes(space), "4 channels, 3 cells, 2 nodes");
 * assertEquals(describeSizes(makeSpace({ ...digits, height: 96, width: 96 }), space), "8 channels, 5 cells, 4 nodes, stem stride4");
 * assertThrows(() => makeSpace(digits, { chanels: 4 }), RangeError, "it has no chanels");
 * ```
 */
export function makeSpace(basis: Pick<Space, "name"> & ImageSizes, sizes: Sizes = {}): Space {
  checkNames(basis.name, sizes);
  return checkSpace({ ...defaultSizes(basis.name, basis), ...sizes, ...basis });
}

/**
 * Checks a space that comes from outside, such as a zoo card or a configuration.
 *
 * @param value Any value; further properties are ignored.
 * @returns The space, holding nothing but its own properties.
 * @throws {TypeError} If it is not an object, or there is no such kind.
 * @throws {RangeError} If a size is missing or out of bounds; names it, its value and the bounds.
 */
export function checkSpace(value: unknown): Space {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`Cannot read space: found ${JSON.stringify(value)}, expected an object`);
  }
  const space = value as Readonly<Record<string, unknown>>;
  return spaceKind(space.name).check(space);
}

/**
 * The sizes that a kind of space has unless a user gives others.
 *
 * @param name The kind.
 * @param images What its networks read, from which choices follow.
 * @returns Every size and choice of the kind by its name.
 * @throws {TypeError} If there is no such kind.
 */
export function defaultSizes(name: string, images: ImageSizes): Sizes {
  return Object.fromEntries(spaceKind(name).settings.map((setting) => [setting.name, defaultOf(setting, images)]));
}

function defaultOf(setting: SpaceSetting, images: ImageSizes): number | string {
  return isChoice(setting) ? setting.default(images) : setting.default;
}

/**
 * Whether a setting of a space is a choice, not a size.
 *
 * @param setting The setting.
 * @returns Whether it is.
 */
export function isChoice(setting: SpaceSetting): setting is ChoiceSetting {
  return "of" in setting;
}

/**
 * Picks the sizes of a kind of space out of something that holds more.
 *
 * @param name The kind.
 * @param values Such as a user's settings; what is undefined is left out.
 * @returns Those that are sizes or choices of the kind.
 */
export function pickSizes(name: string, values: object): Sizes {
  const found = spaceKind(name).settings.map((
    setting,
  ) => [setting.name, (values as Record<string, unknown>)[setting.name]]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/**
 * The sizes of a space that a user may choose.
 *
 * @param space The space.
 * @returns Their values by name.
 */
export function sizesOf(space: Space): Readonly<Record<string, number>> {
  const sizes = Object.entries(pickSizes(space.name, space));
  return Object.fromEntries(sizes.filter((size): size is [string, number] => typeof size[1] === "number"));
}

/**
 * How a space reads its images: all choices, such as the stem.
 *
 * @param space The space; or its kind with settings of a user, who may have chosen nothing.
 * @returns Their values by name; none in a kind that reads images in one way only.
 */
export function choicesOf(space: Pick<Space, "name">): Readonly<Record<string, string>> {
  const choices = Object.entries(pickSizes(space.name, space));
  return Object.fromEntries(choices.filter((choice): choice is [string, string] => typeof choice[1] === "string"));
}

/**
 * Says the sizes of a space in words.
 *
 * @param space The space.
 * @param other If given, only sizes that differ from this space's are said.
 * @returns Such as `8 channels, 5 cells, 4 nodes`, and choices that are not the plainest, such as `stem stride4`.
 */
export function describeSizes(space: Space, other?: Space): string {
  const [own, others] = [space, other].map((space) => space && pickSizes(space.name, space)) as [Sizes, Sizes?];
  const isSaid = (setting: SpaceSetting) => {
    const value = own[setting.name];
    if (others) return others[setting.name] !== value;
    return !isChoice(setting) || setting.of[0] !== value;
  };
  return spaceKind(space.name).settings.filter(isSaid)
    .map((setting) =>
      isChoice(setting)
        ? `${setting.name} ${own[setting.name]}`
        : `${own[setting.name]} ${setting.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`
    )
    .join(", ");
}

/**
 * Name of a space's kind and what sets it apart from others of its sizes, such as `darts, 2 an edge`.
 *
 * @param space The space.
 * @returns The words.
 */
export function describeSpace(space: Space): string {
  return spaceKind(space.name).describe(space);
}

/**
 * Whether the networks of two spaces have the same sizes, whatever candidates their supernets hold.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether they are of one kind and agree in every size that a user may choose; how they read images does not count.
 */
export function hasSameSizes(a: Space, b: Space): boolean {
  return a.name === b.name && JSON.stringify(sizesOf(a)) === JSON.stringify(sizesOf(b));
}

/**
 * Whether two spaces read their images alike.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether they agree in every choice, such as the stem.
 */
export function hasSameChoices(a: Space, b: Space): boolean {
  return JSON.stringify(choicesOf(a)) === JSON.stringify(choicesOf(b));
}

/**
 * Whether two spaces have the same body: everything but classes, image size and input channels.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether weights of the body fit from one into the other.
 */
export function hasSameBody(a: Space, b: Space): boolean {
  return JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));
}

function bodyOf(space: Space): [string, unknown][] {
  const { classes: _, inputChannels: __, height: ___, width: ____, ...body } = space;
  return Object.entries(body).filter(([, value]) => value !== undefined).sort(([a], [b]) => a < b ? -1 : 1);
}

/**
 * A space of other sizes.
 *
 * @param space The space.
 * @param sizes Sizes that differ.
 * @returns The space.
 * @throws {RangeError} If the kind has no such size, or it is out of bounds.
 */
export function resizeSpace(space: Space, sizes: Sizes): Space {
  checkNames(space.name, sizes);
  return checkSpace({ ...space, ...sizes });
}

function checkNames(name: string, sizes: Sizes): void {
  const known = spaceKind(name).settings.map((setting) => setting.name);
  const unknown = Object.keys(sizes).filter((size) => !known.includes(size));
  if (unknown.length === 0) return;
  throw new RangeError(`Cannot size space ${name}: it has no ${unknown.join(", ")}, expected ${known.join(", ")}`);
}

/**
 * Fits a space to other images and classes; its body stays.
 *
 * @param space The space.
 * @param images What changes: classes, channels, size in pixels.
 * @returns The space.
 * @throws {RangeError} If a number is out of bounds; names it, its value and the bounds.
 */
export function fitSpace(space: Space, images: Partial<ImageSizes>): Space {
  return checkSpace({ ...space, ...images });
}

/**
 * Fits a space to other images and classes as if it had been made for them: choices that follow from the images, such as the
 * stem, follow, where the images at hand ask for others than its own ask for; elsewhere the space keeps its own.
 *
 * @param space The space.
 * @param images What changes: classes, channels, size in pixels.
 * @returns The space.
 * @throws {RangeError} If a number is out of bounds; names it, its value and the bounds.
 */
export function followImages(space: Space, images: Partial<ImageSizes>): Space {
  const fitted = { ...space, ...images };
  const changed = spaceKind(space.name).settings.filter(isChoice)
    .map((choice) => ({ name: choice.name, from: choice.default(space), to: choice.default(fitted) }))
    .filter(({ from, to }) => from !== to);
  return checkSpace({ ...fitted, ...Object.fromEntries(changed.map(({ name, to }) => [name, to])) });
}

/**
 * The space as it was before anything was pruned away or granted to a method.
 *
 * @param space The space.
 * @returns The space of the same sizes whose supernet holds every candidate.
 */
export function wholeSpace(space: Space): Space {
  return spaceKind(space.name).whole(space);
}

/**
 * Grants what a search method asks of its supernet.
 *
 * @param space The space.
 * @param request What the method asks for; nothing if left out.
 * @returns A space whose supernet is as asked, with the same layout of mixing weights.
 * @throws {RangeError} If its kind cannot do that; names the request.
 */
export function adaptSpace(space: Space, request: SupernetRequest = {}): Space {
  const names = Object.keys(request);
  if (names.length === 0) return space;
  const kind = spaceKind(space.name);
  if (kind.adapt) return kind.adapt(space, request);
  throw new RangeError(
    `Cannot build the supernet: space ${kind.name} has no ${names.join(", ")}, which the method asks for`,
  );
}
