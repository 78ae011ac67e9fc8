import type { Attack } from "./_mutate.ts";

const FIXTURES = new URL("../../reference/fixtures/datasets/", import.meta.url);

const table = 'file,label,split\np/b.jpg,dog,train\nc.jpg,cat,train\np/a.jpg,"cat",test\n';
const lines =
  '{"path": "a.jpg", "label": 3}\n{"path": "b.jpg", "label": 4}\n{"path": "c.jpg", "label": 4, "split": "test"}\n';

const file = (path: string) => Deno.readFileSync(new URL(path, FIXTURES)) as Uint8Array<ArrayBuffer>;
const text = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/** A small file of each format that is one file. */
export const TARGETS: readonly Pick<Attack, "name" | "bytes" | "isChecked">[] = [
  { name: "set.zip", bytes: file("set.zip"), isChecked: false },
  { name: "set.tar.gz", bytes: file("set.tar.gz"), isChecked: true },
  { name: "shard.tar", bytes: file("shards/train-000000.tar"), isChecked: false },
  { name: "hub.parquet", bytes: file("hub/data/train-00000-of-00001.parquet"), isChecked: false },
  ...["gzip", "brotli", "lz4", "zstd"].map((codec) => (
    { name: `${codec}.parquet`, bytes: file(`${codec}/train.parquet`), isChecked: false }
  )),
  { name: "set.npz", bytes: file("set.npz"), isChecked: false },
  { name: "table.csv", bytes: text(table), isChecked: false },
  { name: "lines.jsonl", bytes: text(lines), isChecked: false },
];
