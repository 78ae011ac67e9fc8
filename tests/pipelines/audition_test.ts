import { assertEquals, assertRejects } from "@std/assert";
import { type SessionOptions } from "../../src/pipelines/mod.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { runSearch, runTransfer, timeless } from "./_runs.ts";
import { inTwoZoo, runDerivation } from "./_zoo.ts";

type Audition = { start: string; validAccuracy: number; validLoss: number }[];

Deno.test("transfer() starts the derived network from what does better in an audition, which costs epochs of training", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    await runDerivation(`${folder}/derived`, { entry: "digits", zoo, data: `${folder}/few-digits`, trainEpochs: 4 });
    const options = { target: data, source: "digits", zoo, epochs: 1, trainEpochs: 4, auditionEpochs: 2 };
    const winners = new Set<unknown>();
    for (const seed of [2, 3]) {
      const run = `${folder}/auto-${seed}`;
      const result = await runTransfer(run, { ...options, seed, inherit: "auto" }, { threads: 2 });
      const records = result.audition as Audition;
      assertEquals(records.map(({ start }) => start), ["supernet", "network"]);
      const [supernet, network] = [records[0]!, records[1]!];
      const lead = network.validAccuracy - supernet.validAccuracy || supernet.validLoss - network.validLoss;
      assertEquals(result.start, lead > 0 ? "network" : "supernet");
      winners.add(result.start);
      // Two starts for two epochs of half of the images: two of the four epochs.
      assertEquals([result.trainCurve!.length, result.epochs], [2, 3]);
    }
    // A test in which one of them always wins would show little.
    assertEquals(winners.size, 2);
  }));

Deno.test("transfer() goes on to the same network after it was stopped within an audition", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    await runDerivation(`${folder}/derived`, { entry: "digits", zoo, data: `${folder}/few-digits` });
    const options = { target: data, source: "digits", zoo, epochs: 1, trainEpochs: 3, inherit: "auto" } as const;
    const whole = await runTransfer(`${folder}/whole`, options);
    let isAudition = false;
    const session: Partial<SessionOptions> = {
      onEvent: (event) => void (isAudition ||= event.type === "stage" && event.stage === "audition"),
      interrupt: {
        get requested() {
          return isAudition;
        },
      },
    };
    await assertRejects(() => runTransfer(`${folder}/stopped`, options, session), Interrupted);
    const resumed = await runTransfer(`${folder}/stopped`, options, { resume: true, threads: 2 });
    assertEquals(timeless(resumed), timeless(whole));
    assertEquals(
      await Deno.readFile(`${folder}/stopped/network.safetensors`),
      await Deno.readFile(`${folder}/whole/network.safetensors`),
    );
  }));

Deno.test("transfer() needs no audition where the source has no network", () =>
  inTwoZoo(async ({ folder, zoo, data }) => {
    await runSearch(`${folder}/source`, { data: `${folder}/few-digits` });
    for (const source of ["clothes", `${folder}/source`]) {
      const options = { target: data, source, zoo, epochs: 1 };
      const [auto, plain] = [`${folder}/auto`, `${folder}/weights`];
      const result = await runTransfer(auto, { ...options, inherit: "auto" });
      assertEquals([result.audition, result.start], [undefined, undefined]);
      await runTransfer(plain, { ...options, inherit: "weights" });
      assertEquals(
        await Deno.readFile(`${auto}/network.safetensors`),
        await Deno.readFile(`${plain}/network.safetensors`),
      );
      for (const folder of [auto, plain]) await Deno.remove(folder, { recursive: true });
    }
  }));
