import { assert, assertMatch } from "@std/assert";

const WORKER = new URL("../../src/engine/worker.ts", import.meta.url);

Deno.test("worker answers with the error when it cannot join, and ends no process", async () => {
  const worker = new Worker(WORKER, { type: "module" });
  const answer = new Promise<{ ready?: boolean; error?: string }>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage({ module: undefined, memory: undefined, script: "file:///nowhere/kernels.js", index: 1, jobs: 0 });
  const { ready, error } = await answer;
  worker.terminate();
  assert(!ready);
  assertMatch(error ?? "", /nowhere\/kernels\.js/);
});
