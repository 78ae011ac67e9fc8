import { assert, assertEquals, assertRejects } from "@std/assert";
import { listMethods, methodRow, spaceForMethod } from "../../src/search/mod.ts";
import { checkGenotype, hasSameBody, type Space } from "../../src/spaces/mod.ts";
import { openSource, openSupernet } from "../../src/zoo/mod.ts";
import { pretrain, PRETRAIN_DEFAULTS, type PretrainOptions } from "../../src/pipelines/mod.ts";
import { mergeSettings } from "../../src/run/mod.ts";
import { Session } from "../../src/stages/mod.ts";
import { writeDigits } from "../../tests/pipelines/_digits.ts";
import { runTransfer } from "../../tests/pipelines/_runs.ts";

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const [data, zoo] = [`${folder}/few-digits`, `${folder}/zoo`];
await writeDigits(data);

/** Pretrains a small supernet of NAS-Bench-201 for an epoch, and adds it to the zoo as `by-NAME`. */
async function pretrainBy(name: string, method: string, start: PretrainOptions["start"] = {}): Promise<void> {
  const configuration: PretrainOptions = mergeSettings<PretrainOptions>({
    ...PRETRAIN_DEFAULTS,
    data,
    entry: { zoo, name: `by-${name}` },
    sizes: { space: "nasbench201" },
    start,
  }, { search: { epochs: 1, batch: 16, method }, sizes: start.from ? {} : { channels: 8, cellsPerStage: 1 } });
  const common = { command: "pretrain", out: `${folder}/${name}`, configuration, build: "strict", threads: 1 } as const;
  await using session = await Session.start(common);
  await pretrain(session, configuration);
}

/** Names and shapes of all that a supernet's method has learnt about the architecture. */
async function learnt(from: string, name = from) {
  const { supernet } = await (name === from ? openSupernet(from) : openSource(name, from));
  return { supernet, tensors: JSON.stringify(supernet.method.parameters) };
}

/** A transfer of one epoch. */
const to = (out: string, name: string, method: string, source: object = {}) =>
  runTransfer(`${folder}/${out}`, {
    target: data,
    source: { name: `by-${name}`, zoo, ...source },
    search: { method, epochs: 1, warmUp: 0, alphaLearningRate: 0.01 },
  });

for (const { name: method } of listMethods()) {
  Deno.test(`what ${method} learns goes to the zoo, and to a target by itself and by another method, or is refused`, async () => {
    await pretrainBy(method, method);
    const run = await learnt(`${folder}/${method}`);
    const entry = await learnt(zoo, `by-${method}`);
    assertEquals(entry.supernet.method.name, method);
    assertEquals(entry.supernet.alpha, run.supernet.alpha);
    assertEquals(entry.supernet.space, run.supernet.space);
    assertEquals(entry.supernet.method.state(), run.supernet.method.state());
    assertEquals(entry.supernet.genotype(), run.supernet.genotype());

    const own = await to(`${method}-own`, method, method);
    assertEquals(own.method, method);
    checkGenotype(own.genotype, (own.space as Space).name);

    // Half of a prior lies between the whole of it and none: it starts, and what it starts with has the method's own shape.
    const half = await to(`${method}-half`, method, method, { prior: "alpha", priorStrength: 0.5 });
    assertEquals((await learnt(`${folder}/${method}-half`)).tensors, entry.tensors);
    assert(hasSameBody(half.space as Space, own.space as Space));

    const other = method === "darts" ? "pc-darts" : "darts";
    const blank = methodRow(other).create(spaceForMethod(other, entry.supernet.space));
    if (JSON.stringify(blank.parameters) === entry.tensors) {
      assertEquals((await to(`${method}-${other}`, method, other)).method, other);
    } else {
      const error = await assertRejects(() => to(`${method}-${other}`, method, other), RangeError);
      assert(/^Cannot take over the alpha of .+; --prior weights takes the weights alone$/.test(error.message));
    }
  });
}

Deno.test("weights of whole operations are not taken for those of a share of the channels, and the error says which is which", async () => {
  const error = await assertRejects(() => to("whole-partial", "darts", "pc-darts", { prior: "weights" }), RangeError);
  assert(
    /the source has .*\(nasbench201\), expected .*\(nasbench201, 1\/4 of the channels\)/.test(error.message),
    error.message,
  );
  // The other way round the body stays what it is: a method may work on any supernet.
  const { space } = await to("partial-whole", "pc-darts", "beta-darts", { prior: "weights" });
  assertEquals((space as Space & { channelShare?: number }).channelShare, 4);
});

Deno.test("a prior takes what was pruned along, whichever part of it is asked for", async () => {
  await pretrainBy("pruned", "darts", { from: "by-darts", keep: 2 });
  const candidates = (space: unknown) => (space as { candidates?: string[][] }).candidates;
  const held = candidates((await learnt(zoo, "by-pruned")).supernet.space);
  assertEquals(held!.map(({ length }) => length), [2, 2, 2, 2, 2, 2]);
  for (const prior of ["both", "weights", "alpha", "none"] as const) {
    const { space } = await to(`pruned-${prior}`, "pruned", "gdas", { prior });
    assertEquals(candidates(space), prior === "none" ? undefined : held);
  }
});
