import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseGenotype } from "../../../src/spaces/nasbench201/genotype.ts";
import { withFolder } from "../../data/_folder.ts";
import { assertFails, rootstock, rootstockJson } from "../_command.ts";

const GENOTYPE = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|nor_conv_1x1~2|";
const TABLE = "CIFAR10TestAccuracy200Epochs,CIFAR100TestAccuracy200Epochs,ImageNetTestAccuracy200Epochs," +
  `ArchitectureString,UniqueString\n90.5,60,30.25,${GENOTYPE},0\n91.5,61,31,${
    GENOTYPE.replace("none", "skip_connect")
  },1\n`;

Deno.test("nb201 lookup tells accuracies, rank and regret, and of a wrong table in one line", () =>
  withFolder(async (folder) => {
    const path = `${folder}/table.csv`;
    await Deno.writeTextFile(path, TABLE);
    const packed = new Blob([TABLE]).stream().pipeThrough(new CompressionStream("gzip"));
    const bytes = await new Response(packed).bytes();
    await Deno.writeFile(`${path}.gz`, bytes);
    const lookup = (genotype: string, table: string) => ["nb201", "lookup", "--genotype", genotype, "--table", table];
    const { code, out } = await rootstock(lookup(GENOTYPE, path));
    assertEquals(code, 0);
    for (const words of ["90.50", "0.75", "rank 2 of 2"]) assertStringIncludes(out, words);
    const found = await rootstockJson(lookup(GENOTYPE, `${path}.gz`));
    assertEquals([found.genotype, found.cifar10, found.rank, found.regret.cifar100], [GENOTYPE, 90.5, 2, 1]);

    await Deno.writeFile(`${folder}/cut.csv.gz`, bytes.subarray(0, bytes.length - 20));
    await assertFails(lookup(GENOTYPE, `${folder}/cut.csv.gz`), 1, [`Cannot read ${folder}/cut.csv.gz`]);
    await assertFails(lookup(GENOTYPE, `${folder}/absent.csv`), 1, ["absent.csv", "there is no such file"]);
    await assertFails(lookup(GENOTYPE, "deno.json"), 1, ["Cannot read deno.json", "found no column"]);
    await assertFails(lookup(GENOTYPE.replace("avg_pool_3x3", "none"), path), 1, ["has 2 others"]);
    await assertFails(["nb201", "lookup", "--table", path], 2, ["--genotype"]);
  }));

Deno.test("nb201 regret tells cells of searches by prior, and of folders without any in one line", () =>
  withFolder(async (folder) => {
    const path = `${folder}/table.csv`;
    await Deno.writeTextFile(path, TABLE);
    const better = GENOTYPE.replace("none", "skip_connect");
    const run = async (name: string, prior: string, cells: readonly string[]) => {
      const place = `${folder}/runs/${name}`;
      await Deno.mkdir(place, { recursive: true });
      const configuration = { target: "hands", source: { name: "zoo/broad", prior }, search: { method: "gdas" } };
      await Deno.writeTextFile(
        `${place}/config.json`,
        JSON.stringify({ format: 2, command: "transfer", configuration }),
      );
      await Deno.writeTextFile(`${place}/result.json`, "{}");
      const lines = cells.map((cell, i) => ({
        type: "epoch",
        stage: "search",
        epoch: i + 1,
        seconds: i + 1,
        genotype: parseGenotype(cell),
      }));
      await Deno.writeTextFile(`${place}/events.jsonl`, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    };
    await run("a", "both", [better, better]);
    await run("b", "none", [GENOTYPE, better]);
    const regret = (...paths: string[]) => ["nb201", "regret", ...paths, "--table", path];
    const { code, out, error } = await rootstock([...regret(`${folder}/runs`), "--epochs", "1"]);
    assertEquals(code, 0, error);
    assertMatch(out, /transfer gdas, prior both from broad +1 +1 +91\.50 +0\.00/);
    assertMatch(out, /transfer gdas, prior none +1 +1 +90\.50 +1\.00/);
    assertMatch(out, /both from broad +transfer gdas, prior none +1 +1\.00 +1 \/ 0 +1 +1\.0/);
    const found = await rootstockJson([...regret(`${folder}/runs/a`, `${folder}/runs/b`), "--dataset", "imagenet16"]);
    assertEquals(found.pairs.map(({ mean }: { mean: number }) => mean), [0.75, 0, 0, 0]);

    await Deno.mkdir(`${folder}/empty`);
    await assertFails(regret(`${folder}/empty`), 1, ["empty", "config.json"]);
    await assertFails(["nb201", "regret", `${folder}/runs`], 2, ["--table"]);
    await run("c", "alpha", ["|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"]);
    await assertFails(regret(`${folder}/runs`), 1, ["prior alpha from broad", "the table has 2 others"]);
  }));
