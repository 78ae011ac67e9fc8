import { costOfDerivedNetwork, formatGenotype } from "../spaces/mod.ts";
import { listSome } from "../text/mod.ts";
import type { Model } from "../zoo/mod.ts";

/**
 * Words a model card of what a network says of itself, for those who write none.
 *
 * @param model The network.
 * @returns Markdown. Equal networks give equal text.
 */
export function describeNetwork({ space, genotype, classes, data, about }: Model): string {
  const { parameters, multiplyAdds } = costOfDerivedNetwork({ space, genotype });
  const { height, width, inputChannels } = space;
  const colours = inputChannels === 1 ? "grey" : "in colour";
  return [
    `# ${about?.name ?? "Image classifier"}`,
    "",
    `Tells apart ${classes.length} classes: ${
      listSome(classes)
    }. Sees images of ${height}x${width} pixels, ${colours}.`,
    `Trained on ${data} by Rootstock.`,
    "",
    `- Parameters: ${parameters.toLocaleString("en")}`,
    `- Multiply-adds an image: ${multiplyAdds.toLocaleString("en")}`,
    `- Architecture: \`${formatGenotype(genotype, space.name)}\``,
    `- Licence: ${about?.licence ?? "not stated"}`,
    "",
  ].join("\n");
}
