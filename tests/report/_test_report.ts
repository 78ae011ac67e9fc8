import { TestRecord, type TestReport } from "../../src/stages/mod.ts";

/** Answers to test images as a network might give them: neighbouring classes are confused, in a way fixed by the numbers. */
export function answersOf(names: readonly string[], imagesEach = 12): TestReport {
  const record = new TestRecord(names);
  const count = names.length;
  for (let image = 0; image < count * imagesEach; image++) {
    const label = image % count;
    const hash = Math.imul(image + 1, 2_654_435_761) >>> 8;
    const logits = Float32Array.from({ length: count }, (_, k) => (Math.imul(hash, k + 3) >>> 7) % 100 / 60);
    logits[hash % 4 === 0 ? (label + 1) % count : label]! += 1 + hash % 5;
    record.add(logits, [label]);
  }
  return record.report(0.5);
}

/** Pixels of one grey dot, as a picture in a page. */
export const PICTURE =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
