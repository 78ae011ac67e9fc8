import { assertEquals, assertRejects } from "@std/assert";
import { insist } from "../../src/queue/insist.ts";
import { FolderQueue } from "../../src/queue/folder_queue.ts";
import { DEFAULT_QUEUE } from "../../src/queue/queue.ts";

Deno.test("a queue is asked until it answers, and each reason is said once", async () => {
  const queue = new FolderQueue("/nowhere", DEFAULT_QUEUE);
  const said: string[] = [];
  const answers = [new Error("down"), new Error("down"), new Error("starting"), 7];
  let rests = 0;
  const ask = () => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const options = { queue, say: (line: string) => said.push(line), rest: () => Promise.resolve(void rests++) };
  assertEquals([await insist(ask, options), rests], [7, 3]);
  assertEquals(said, ["folder:/nowhere: down; goes on trying", "folder:/nowhere: starting; goes on trying"]);
  const stop = { ...options, rest: () => Promise.reject(new RangeError("stop")) };
  await assertRejects(() => insist(() => Promise.reject(new Error("down")), stop), RangeError, "stop");
});
