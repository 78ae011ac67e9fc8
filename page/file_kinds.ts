/** A network's file goes to the networks; everything else is taken for a picture. */
const NETWORK = /\.(rootstock|safetensors)$/i;

/**
 * Parts files that were chosen or dropped.
 *
 * @param files The files.
 * @returns Networks and pictures, each in their order.
 */
export function partFiles<Named extends { readonly name: string }>(
  files: Iterable<Named>,
): { networks: Named[]; pictures: Named[] } {
  const all = [...files];
  return {
    networks: all.filter(({ name }) => NETWORK.test(name)),
    pictures: all.filter(({ name }) => !NETWORK.test(name)),
  };
}

/**
 * What a saved network's file is called.
 *
 * @param name Name of the network, or of its classes.
 * @returns A name that every system takes.
 */
export function fileNameFor(name: string): string {
  const plain = name.normalize("NFKD").replace(/[^\w]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 40);
  return `${plain || "network"}.rootstock`;
}
