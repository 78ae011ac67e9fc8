import type { Queue } from "./queue.ts";
import { withoutPassword } from "./server_address.ts";

/** How a queue is asked that may not answer. */
export interface Insistence {
  /** The queue. */
  readonly queue: Queue;
  /** Told in one line why it does not answer, once each reason. */
  readonly say: (line: string) => void;
  /** Waits before it is asked again; throws if this process is to stop. */
  readonly rest: () => Promise<void>;
}

/**
 * Asks a queue until it answers: a server that restarts ends nothing.
 *
 * @param ask The question, which may be asked twice.
 * @param options Which queue, how it is waited for.
 * @returns The answer.
 * @throws What `rest` throws.
 */
export async function insist<Answer>(
  ask: (queue: Queue) => Promise<Answer>,
  { queue, say, rest }: Insistence,
): Promise<Answer> {
  for (let last = "";;) {
    try {
      return await ask(queue);
    } catch (error) {
      const { message } = error as Error;
      if (message !== last) say(`${withoutPassword(queue.url)}: ${message}; goes on trying`);
      last = message;
      await rest();
    }
  }
}
