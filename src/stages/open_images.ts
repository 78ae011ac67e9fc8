import type { ImportSettings, OpenOptions } from "../data/mod.ts";
import { openTask, type Task, type TaskOptions } from "../tasks/mod.ts";
import type { Space } from "../spaces/mod.ts";
import type { LearningGroups } from "./groups.ts";
import type { Session } from "./session.ts";

/**
 * How a session opens datasets: by a user's choices, telling its listener, until it is asked to stop.
 *
 * @param session The session.
 * @param images The choices.
 * @returns Options of `openDataset`.
 */
export function openingIn(session: Session, images: ImportSettings | undefined): OpenOptions {
  return {
    import: images,
    cache: session.cache,
    onProgress(progress) {
      session.requireUninterrupted();
      session.emit({ type: "import", ...progress });
    },
    onNotice: (text) => session.emit({ type: "stage", stage: "import", text }),
  };
}

/**
 * Opens the datasets of a run.
 *
 * @param session The run and its engine.
 * @param namesOrPaths Names of embedded datasets, or paths; at least one.
 * @param options How pictures become images, how these are varied, how epochs are shared among datasets, and what is minimised.
 * @returns The task.
 * @throws {Interrupted} If asked to stop while pictures are decoded.
 * @throws {DataError | RangeError} If there is no such dataset, it is damaged or there twice.
 */
export async function openRunTask(
  session: Session,
  namesOrPaths: readonly string[],
  { images, loss, variation, shares }: Pick<TaskOptions, "shares"> & Pick<LearningGroups, "loss" | "variation"> & {
    readonly images?: ImportSettings | undefined;
  },
): Promise<Task> {
  const { engine, memoryBytes } = session;
  const opening = openingIn(session, images);
  return await openTask(engine, namesOrPaths, { ...loss, ...variation, shares, memoryBytes, opening });
}

/**
 * Says where pictures were made larger than the source of a transfer has ever seen them, without anybody having asked for it: it
 * sees better what it knows (docs/lab/photographs.md).
 *
 * @param session Who is told.
 * @param source Name of the source, and the space of its network.
 * @param images Shorter side of the images, and the user's choices.
 */
export function tellSeenSide(
  session: Pick<Session, "emit">,
  { name, space }: { readonly name: string; readonly space: Space },
  { side, images }: { readonly side: number; readonly images: ImportSettings },
): void {
  const seen = Math.min(space.height, space.width);
  if (side <= seen || images.side !== undefined) return;
  const text = `${name} has seen images of ${seen} pixels, these have ${side}: --image ${seen} may do better`;
  session.emit({ type: "stage", stage: "import", text });
}
