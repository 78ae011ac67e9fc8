import { walk } from "./_walk.ts";
import { inTwoZoo, runDerivation } from "../../tests/pipelines/_zoo.ts";

/** Settings of a comparison that takes some seconds a run, with two seeds. */
const TINY = "--epochs 2 --train-epochs 1 --batch 16 --train-batch 16 --patience 0 --build strict --seeds 1,2".split(
  " ",
);

/** JSON without all that depends on the clock, or on how many threads there were. */
export function timeless(text: string): unknown {
  return JSON.parse(text, (key, value) => /seconds|^threads$/i.test(key) ? undefined : value);
}

/** All that must be the same, whoever made the runs: by path, JSON and tensors. */
async function contentOf(out: string, targets: readonly string[]): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>([["result.json", timeless(await Deno.readTextFile(`${out}/result.json`))]]);
  for (const target of targets) {
    for await (const path of walk(`${out}/${target}`)) {
      const name = path.slice(out.length + 1);
      if (/\/(result|config|genotype)\.json$/.test(path)) found.set(name, timeless(await Deno.readTextFile(path)));
      else if (/\.safetensors$/.test(path) && !/checkpoint/.test(path)) {
        const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
        found.set(name, new Uint8Array(digest).toHex());
      }
    }
  }
  return found;
}

/** A zoo of two entries, and the command line of a comparison on one or two targets. */
export async function inComparison(
  { arms, targets = 2 }: { arms: readonly string[]; targets?: number },
  test: (
    given: { folder: string; args: string[]; content: (out: string) => Promise<Map<string, unknown>> },
  ) => Promise<void>,
) {
  await inTwoZoo(async ({ folder, zoo, data }) => {
    await runDerivation(`${folder}/derived`, { entry: { name: "digits", zoo }, data: `${folder}/few-digits` });
    const chosen = [data, `${folder}/few-clothes`].slice(0, targets);
    const args = ["compare", "--target", chosen.join(), "--zoo", zoo, "--arms", arms.join(), ...TINY];
    await test({
      folder,
      args: [...args, "--cache", `${folder}/cache`],
      content: (out) => contentOf(out, ["more-digits", "few-clothes"].slice(0, targets)),
    });
  });
}
