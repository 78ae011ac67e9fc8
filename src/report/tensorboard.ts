import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
// @ts-types="npm:crc-32@1.2.2"
import CRC32C from "crc-32/crc32c.js";
import { concatenate } from "../data/mod.ts";
import { alphaHistoryOf } from "./alpha_history.ts";
import { phasesOf } from "./learning.ts";
import type { ComparedRun } from "./side_by_side_tables.ts";

/** Version of event files, which their first event tells. */
const FILE_VERSION = "brain.Event:2";
/** Added to a rotated checksum, so that a checksum of data that holds checksums is none of these. */
const MASK = 0xa282ead8;
const BUCKETS = 30;

/** A number at a step, or the distribution of some. */
interface Point {
  readonly tag: string;
  readonly step: number;
  /** Seconds since the run began. */
  readonly seconds: number;
  readonly value: number | readonly number[];
}

/**
 * Writes a run as an event file of TensorBoard: accuracies and losses by epoch, the test at the end, strengths of alpha as a
 * histogram a cell. Steps are whole epochs, so that validations within an epoch are left out, as is what is not finite.
 *
 * Formats: `event.proto`, `summary.proto`, `histogram.proto` of tensorboard/compat/proto; records as TFRecord frames them.
 *
 * @param run The run.
 * @returns The whole file; equal runs give equal bytes.
 */
export function encodeTensorboard(run: ComparedRun): Uint8Array<ArrayBuffer> {
  const start = run.startedAt / 1000;
  const version = new BinaryWriter().tag(1, WireType.Bit64).double(start)
    .tag(3, WireType.LengthDelimited).string(FILE_VERSION).finish();
  const points = [...curvePoints(run), ...testPoints(run), ...alphaPoints(run)];
  return concatenate([version, ...points.map((point) => encodeEvent(point, start))].map(frame));
}

/** Tags by the fields of an epoch. */
const TAGS = {
  validAccuracy: "accuracy/held_out",
  trainAccuracy: "accuracy/training",
  validLoss: "loss/held_out",
  trainLoss: "loss/training",
} as const;

function curvePoints({ result }: ComparedRun): Point[] {
  return phasesOf(result).flatMap(({ network, work, epochs }) =>
    epochs.filter(({ epoch }) => Number.isInteger(epoch)).flatMap((record) =>
      Object.entries(TAGS).flatMap(([field, tag]): Point[] => {
        const value = record[field as keyof typeof TAGS];
        if (!isNumber(value)) return [];
        const { epoch: step, seconds } = record;
        return [{ tag: `${network}, ${work}/${tag}`.replaceAll(/,? /g, "_"), step, seconds, value }];
      })
    )
  );
}

function testPoints({ result: { testAccuracy, testLoss, epochs, seconds } }: ComparedRun): Point[] {
  const figures = [["test/accuracy", testAccuracy], ["test/loss", testLoss]] as const;
  return figures.flatMap(([tag, value]) => isNumber(value) ? [{ tag, step: Math.round(epochs), seconds, value }] : []);
}

function alphaPoints({ result, events }: ComparedRun): Point[] {
  const { frames, matrices } = alphaHistoryOf(events, result) ?? { frames: [], matrices: [] };
  const secondsAt = new Map(result.curve.map(({ epoch, seconds }) => [epoch, seconds]));
  return frames.filter(({ epoch }) => Number.isInteger(epoch)).flatMap(({ epoch, strengths }) =>
    matrices.map(({ title, offset, groups, candidates }): Point => ({
      tag: `alpha/${title}`.replaceAll(" ", "_"),
      step: epoch,
      seconds: secondsAt.get(epoch) ?? 0,
      value: strengths.slice(offset, offset + groups.length * candidates.length),
    }))
  );
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** `Event { wall_time = 1; step = 2; summary = 5 }` with `Summary { value = 1 { tag = 1; simple_value = 2; histo = 5 } }`. */
function encodeEvent({ tag, step, seconds, value }: Point, start: number): Uint8Array {
  const event = new BinaryWriter().tag(1, WireType.Bit64).double(start + seconds).tag(2, WireType.Varint).int64(step);
  event.tag(5, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
  event.tag(1, WireType.LengthDelimited).string(tag);
  if (typeof value === "number") event.tag(2, WireType.Bit32).float(value);
  else event.tag(5, WireType.LengthDelimited).bytes(encodeHistogram(value));
  return event.join().join().finish();
}

/** `HistogramProto { min = 1; max = 2; num = 3; sum = 4; sum_squares = 5; bucket_limit = 6; bucket = 7 }`. */
function encodeHistogram(values: readonly number[]): Uint8Array {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const total = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0);
  const width = (high - low) / BUCKETS || 1;
  const limits = Array.from({ length: BUCKETS }, (_, i) => low + (i + 1) * width);
  const counts = limits.map(() => 0);
  for (const value of values) counts[Math.min(BUCKETS - 1, Math.floor((value - low) / width))]!++;
  const histogram = new BinaryWriter();
  [low, high, values.length, total(values), total(values.map((value) => value ** 2))].forEach((figure, i) =>
    histogram.tag(i + 1, WireType.Bit64).double(figure)
  );
  [limits, counts].forEach((list, i) => {
    histogram.tag(i + 6, WireType.LengthDelimited).fork();
    for (const figure of list) histogram.double(figure);
    histogram.join();
  });
  return histogram.finish();
}

/** A record: length (8 bytes), its checksum (4), data, their checksum (4), all little endian. */
function frame(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(12 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedChecksum(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedChecksum(data), true);
  return record;
}

function maskedChecksum(bytes: Uint8Array): number {
  const checksum = CRC32C.buf(bytes) >>> 0;
  return ((checksum >>> 15 | checksum << 17) + MASK) >>> 0;
}
