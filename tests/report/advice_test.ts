import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { adviseOn, guessingLoss } from "../../src/report/advice.ts";
import { TRANSFER_FLAGS } from "../../src/cli/commands/transfer.ts";
import { epochOf, TRANSFER } from "./_run_result.ts";

Deno.test("adviseOn() is silent where all went well, and where less than a point is missing", () => {
  assertEquals(adviseOn(TRANSFER), []);
  assertEquals(adviseOn({ ...TRANSFER, testAccuracy: 0.972 }), []);
});

Deno.test("adviseOn() says that the derived network is worse than the supernet and the fitted head, and asks for epochs", () => {
  const trainCurve = [epochOf(1, 0.41)];
  const [advice, ...others] = adviseOn({ ...TRANSFER, testAccuracy: 0.59, trainCurve });
  assertEquals(others, []);
  for (
    const words of [
      "The derived network is worse than the supernet was (98.0 %",
      "than the fitted head alone was (92.0 %",
      "59.0 % of the test images",
      "41.0 % of its own training images",
      "--train-epochs 10",
    ]
  ) assertStringIncludes(advice!, words);
  // Between head and supernet it is worse than the latter only.
  assert(!adviseOn({ ...TRANSFER, testAccuracy: 0.95, trainCurve })[0]!.includes("fitted head"));
});

Deno.test("adviseOn() says which pictures were left out, in one line that does nothing to a terminal", () => {
  const pictures = [{ name: "cat/\u001b[2Ja.jpg", reason: "it is cut" }, { name: "b", reason: "c" }];
  assertEquals(adviseOn({ ...TRANSFER, unreadable: { count: 1234, pictures } }), [
    "1,234 pictures were left out: they cannot be read (such as cat/ [2Ja.jpg: it is cut). All of them: " +
    "deno task data inspect data/sets/uci-digits/",
  ]);
  const [one] = adviseOn({ ...TRANSFER, unreadable: { count: 1, pictures: pictures.slice(1) } });
  assertStringIncludes(one!, "A picture was left out: it cannot be read (b: c).");
});

Deno.test("adviseOn() says what a time limit cut, and nothing where it cut nothing", () => {
  const cuts = [{ stage: "search", planned: 10, epochs: 4 }, { stage: "train", planned: 15, epochs: 6.251 }];
  assertEquals(adviseOn({ ...TRANSFER, timeLimit: { seconds: 600, isCut: true, cuts } }), [
    "The time limit of 10 min 00 s was enough for 4 of 10 epochs of the search and 6.25 of 15 epochs of the training: " +
    "another run may get further or less far. Give it more with --time-limit.",
  ]);
  assertEquals(adviseOn({ ...TRANSFER, timeLimit: { seconds: 600, isCut: false, cuts: [] } }), []);
});

Deno.test("adviseOn() names the flag by what the training looks like", () => {
  const worse = { ...TRANSFER, testAccuracy: 0.9 };
  const long = Array.from({ length: 9 }, (_, i) => epochOf(i + 1, 0.9));
  assertStringIncludes(adviseOn({ ...worse, trainCurve: long })[0]!, "--train-epochs 27");
  assertStringIncludes(
    adviseOn({ ...worse, trainCurve: [{ ...epochOf(1, 0.4), trainLoss: 15 }] })[0]!,
    "--inherit none",
  );
  assertStringIncludes(adviseOn({ ...worse, trainCurve: [epochOf(1, 0.999)] })[0]!, "--cutout");
});

Deno.test("adviseOn() says that a supernet got worse than its fitted head", () => {
  const [advice] = adviseOn({ ...TRANSFER, validAccuracy: 0.8, testAccuracy: 0.93 });
  for (const words of ["got worse", "80.0 %", "92.0 %", "--learning-rate", "--epochs"]) {
    assertStringIncludes(advice!, words);
  }
});

Deno.test("adviseOn() compares a traditional transfer with itself, and a plain training with nothing", () => {
  const { validAccuracy: _, start: _start, trainCurve: _curve, ...alone } = TRANSFER;
  assertEquals(adviseOn({ ...alone, command: "train", testAccuracy: 0.1 }), []);
  const [advice] = adviseOn({ ...TRANSFER, command: "traditional", testAccuracy: 0.5 });
  assertStringIncludes(advice!, "The trained network is worse than it was after its finetuning");
});

Deno.test("adviseOn() names flags that there are", () => {
  const worse = { ...TRANSFER, testAccuracy: 0.5, validAccuracy: 0.6 };
  const cases = [
    [epochOf(1, 0.4)],
    [epochOf(1, 0.99)],
    [{ ...epochOf(1, 0.4), trainLoss: 15 }],
    [],
  ];
  const flags = cases.flatMap((trainCurve) => adviseOn({ ...worse, trainCurve }))
    .flatMap((advice) => [...advice.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag!));
  assert(flags.length > 4);
  for (const flag of flags) assert(flag in TRANSFER_FLAGS, flag);
});

Deno.test("guessingLoss() needs to know the classes of one dataset", () => {
  assertAlmostEquals(guessingLoss(TRANSFER)!, Math.log(10), 1e-12);
  assertEquals(guessingLoss({ ...TRANSFER, data: "a,b" }), undefined);
  assertEquals(guessingLoss({ ...TRANSFER, space: undefined }), undefined);
});
