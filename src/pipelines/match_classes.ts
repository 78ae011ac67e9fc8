/**
 * The logit of each class of a dataset: formats order classes differently, so names tell. Only classes that have no names but
 * numbers, as those of IDX files, are counted.
 *
 * @param found The dataset's classes.
 * @param known The network's, in the order of its logits.
 * @param data The dataset, for the message.
 * @returns For each class of the dataset the index of its logit.
 * @throws {RangeError} If the network knows no such class.
 */
export function matchClasses(found: readonly string[], known: readonly string[], data: string): readonly number[] {
  const stranger = found.find((name) => !known.includes(name));
  if (stranger === undefined) return found.map((name) => known.indexOf(name));
  const areCounted = found.every((name, label) => name === String(label) && !known.includes(name));
  if (areCounted) return found.map((_, label) => label);
  throw new RangeError(
    `Cannot evaluate on ${data}: it has a class ${JSON.stringify(stranger)}, expected those trained on, such as ` +
      JSON.stringify(known.find((name) => !found.includes(name))),
  );
}
