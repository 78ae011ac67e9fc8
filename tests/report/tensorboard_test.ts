import { BinaryReader } from "@bufbuild/protobuf/wire";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { encodeTensorboard } from "../../src/report/mod.ts";
import { randomGenotype } from "../../src/spaces/darts/genotype.ts";
import { makeDartsSpace } from "../../src/spaces/darts/space.ts";
import { comparedRun } from "./_compared_runs.ts";
import { epochOf } from "./_run_result.ts";

/** CRC-32C of Castagnoli, bit by bit, rotated and masked as TFRecord frames want it. */
function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
  }
  crc = ~crc >>> 0;
  return ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
}

function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer);
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = file.subarray(at + 12, at + 12 + length);
    assertEquals(view.getUint32(at + 8, true), maskedChecksum(file.subarray(at, at + 8)));
    assertEquals(view.getUint32(at + 12 + length, true), maskedChecksum(data));
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** Fields of a message by their numbers: numbers, or bytes. */
function fieldsOf(message: Uint8Array): Map<number, number | Uint8Array> {
  const reader = new BinaryReader(message);
  const fields = new Map<number, number | Uint8Array>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const read = [() => Number(reader.int64()), () => reader.double(), () => reader.bytes()][type] ??
      (() => reader.float());
    fields.set(field, read());
  }
  return fields;
}

function readEvent(record: Uint8Array) {
  const event = fieldsOf(record);
  const value = fieldsOf(fieldsOf(event.get(5) as Uint8Array).get(1) as Uint8Array);
  const tag = new TextDecoder().decode(value.get(1) as Uint8Array);
  return { tag, wallTime: event.get(1), step: event.get(2), number: value.get(2), histogram: value.get(5) };
}

const space = makeDartsSpace({ nodes: 1, cells: 2, channels: 4 });
const strengths = Array.from({ length: 32 }, (_, i) => i / 32);

Deno.test("encodeTensorboard() frames a version and a point for each figure of a whole epoch", () => {
  const curve = [{ ...epochOf(0.5, 0.7, 0.8), epoch: 0.5 }, epochOf(1, 0.85, 0.96)];
  const trainCurve = [{ ...epochOf(1, 0.8), trainLoss: null as unknown as number }];
  const run = comparedRun("a", { space, genotype: randomGenotype(1, 1), curve, trainCurve });
  const [version, ...records] = recordsOf(
    encodeTensorboard({ ...run, events: [{ type: "epoch", epoch: 1, strengths }] }),
  );
  const start = Date.UTC(2026, 10, 29) / 1000;
  assertEquals([...fieldsOf(version!)], [[1, start], [3, new TextEncoder().encode("brain.Event:2")]]);
  const events = records.map(readEvent);
  assertEquals(events.map(({ tag, step }) => `${tag} ${step}`), [
    ...[0, 1].flatMap((step) =>
      ["accuracy/held_out", "accuracy/training", "loss/held_out", "loss/training"].map((tag) =>
        `supernet_finetuning/${tag} ${step}`
      )
    ),
    "derived_network_training/accuracy/training 1",
    "test/accuracy 5",
    "test/loss 5",
    "alpha/Normal_cell 1",
    "alpha/Reduction_cell 1",
  ]);
  assertAlmostEquals(events[4]!.number as number, 0.96, 1e-6);
  assertEquals([events[4]!.wallTime, events.at(-1)!.wallTime], [start + 12, start + 12]);
});

Deno.test("encodeTensorboard() counts strengths in histograms, those that are all alike as well", () => {
  const histogramsOf = (strengths: readonly number[]) => {
    const run = comparedRun("a", { space, genotype: randomGenotype(1, 1) });
    const records = recordsOf(encodeTensorboard({ ...run, events: [{ type: "start", epoch: 0, strengths }] }));
    return records.slice(-2).map((record) => fieldsOf(readEvent(record).histogram as Uint8Array));
  };
  const [normal] = histogramsOf(strengths);
  assertEquals([1, 2, 3, 4].map((field) => normal!.get(field)), [0, 15 / 32, 16, 3.75]);
  const doubles = (bytes: Uint8Array) => {
    const reader = new BinaryReader(bytes);
    return Array.from({ length: bytes.length / 8 }, () => reader.double());
  };
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const [limits, counts] = [6, 7].map((field) => doubles(normal!.get(field) as Uint8Array));
  assertEquals([limits!.length, counts!.length, sumOf(counts!)], [30, 30, 16]);
  assertAlmostEquals(limits!.at(-1)!, 15 / 32, 1e-12);
  const [flat] = histogramsOf(Array(32).fill(0.125));
  assertEquals(sumOf(doubles(flat!.get(7) as Uint8Array)), 16);
});
