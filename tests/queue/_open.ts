/** Opens a queue, and tells in a line what it is or what is wrong. */
import { openQueue } from "../../src/queue/mod.ts";

try {
  const queue = await openQueue(Deno.args[0]!);
  console.log(queue.url);
  await queue.close();
} catch (error) {
  console.log((error as Error).message);
}
