/**
 * Writes what the engine computes from a saved network, for load_checkpoint.py to compare with PyTorch:
 *
 *     deno run --allow-read --allow-write tests/reference/write_logits.ts CHECKPOINT SIDE OUT [GENOTYPE]
 *
 * SIDE: images are SIDE×SIDE pixels, eight of them, of a fixed pattern. With GENOTYPE the checkpoint is a derived network.
 * OUT is both the `--images` and the `--logits` of load_checkpoint.py.
 *
 * @module
 */
import { Engine } from "../../src/engine/mod.ts";
import { loadState } from "../../src/network/mod.ts";
import { buildDerivedNetwork, buildSupernet, checkSpace, groupsOf } from "../../src/spaces/mod.ts";
import { countNodes, parseGenotype } from "../../src/spaces/darts/genotype.ts";
import { type DartsSpace, makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { decodeSafetensors, encodeSafetensors, type TensorLike } from "../../src/formats/mod.ts";
import { createDarts, joinAlpha } from "../../src/search/mod.ts";

const COUNT = 8;
const [checkpoint, side, out, genotypePath] = Deno.args;
if (!checkpoint || !side || !out) {
  console.error("Cannot write logits: expected CHECKPOINT SIDE OUT [GENOTYPE]");
  Deno.exit(2);
}
const { tensors, metadata } = decodeSafetensors(await Deno.readFile(checkpoint), { file: checkpoint });
const state = new Map([...tensors].filter(([name]) => /^(stem[01]?|cells|classifier|auxiliary_head)\./.test(name)));
const shape = (name: string) => state.get(name)!.shape;
// Both files say their space; stride2 cannot be told from cifar by shapes.
const { stem, channels, inputChannels } = checkSpace(
  JSON.parse(metadata.space ?? "null") ?? JSON.parse(metadata.model ?? "{}").space,
) as DartsSpace;
const edges = tensors.get("alphas_normal")?.shape[0] ?? 14;
const genotype = genotypePath ? parseGenotype(await Deno.readTextFile(genotypePath)) : undefined;
const space = makeDartsSpace({
  nodes: genotype ? countNodes(genotype) : Math.floor((Math.sqrt(9 + 8 * edges) - 3) / 2),
  channels,
  stem,
  cells: 1 + Math.max(...[...state.keys()].map((name) => Number(/^cells\.(\d+)\./.exec(name)?.[1] ?? 0))),
  classes: shape("classifier.weight")[0]!,
  inputChannels,
  height: Number(side),
  width: Number(side),
});

const engine = await Engine.start({ build: "strict", threads: 1 });
const auxiliaryWeight = state.has("auxiliary_head.classifier.weight") ? 0.4 : 0;
const program = genotype ? buildDerivedNetwork({ space, genotype, auxiliaryWeight }) : buildSupernet(space);
const network = engine.compile(program, { batch: COUNT });
loadState(network, state as Parameters<typeof loadState>[1]);
if (!genotype) {
  const alpha = joinAlpha(tensors as Parameters<typeof joinAlpha>[0], groupsOf(space).tensors);
  network.setMixing(createDarts(space).mix(alpha, { purpose: "evaluation", seed: 0, epoch: 0, step: 0 }).weights);
}
const size = { height: space.height, width: space.width, channels: inputChannels };
const pixels = Uint8Array.from(
  { length: COUNT * size.height * size.width * size.channels },
  (_, i) => Math.imul(i + 1, 2654435761) >>> 24,
);
const mean = Array<number>(inputChannels).fill(0.45);
const std = Array<number>(inputChannels).fill(0.25);
const images = engine.loadImages(pixels, { count: COUNT, ...size });
const indices = Uint32Array.from({ length: COUNT }, (_, i) => i);
network.forward({ images, indices, mean, std, seed: 0, epoch: 0 }, { training: false });
const result = new Map<string, TensorLike>([
  ["images", { shape: [COUNT, size.height, size.width, size.channels], data: pixels }],
  ["mean", { shape: [inputChannels], data: Float32Array.from(mean) }],
  ["std", { shape: [inputChannels], data: Float32Array.from(std) }],
  ["logits", { shape: [COUNT, space.classes], data: network.logits() }],
]);
await Deno.writeFile(out, encodeSafetensors(result));
engine.close();
