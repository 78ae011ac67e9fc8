import { assertEquals, assertRejects } from "@std/assert";
import { namesIn } from "../../src/data/import/cache/cache_folder.ts";
import { releaseContents } from "../../src/data/import/cache/in_use.ts";
import { Interrupted } from "../../src/run/mod.ts";
import { openRunTask, type PipelineEvent } from "../../src/stages/mod.ts";
import { withFolder } from "../data/_folder.ts";
import { writePhotos } from "../data/import/_photos.ts";
import { startSession } from "./_session.ts";

Deno.test("openRunTask() decodes into the session's cache, tells its listener and stops when asked to", async () => {
  await withFolder(async (folder) => {
    const [photos, cache] = [`${folder}/photos`, `${folder}/cache`];
    writePhotos(photos);
    const events: PipelineEvent[] = [];
    const interrupt = { requested: true };
    const onEvent = (event: PipelineEvent) => void events.push(event);
    await using session = await startSession("c", `${folder}/run`, { cache, onEvent, interrupt });
    await assertRejects(() => openRunTask(session, [photos], {}), Interrupted);
    assertEquals([events, namesIn(`${cache}/v1/contents`)], [[], []]);
    interrupt.requested = false;
    const { height, train } = await openRunTask(session, [photos], { images: { side: 24 } });
    assertEquals([height, train.count], [24, 16]);
    assertEquals(events.map(({ type }) => type).filter((type) => type !== "import"), ["stage"]);
    assertEquals(events.filter(({ type }) => type === "import").length, 21);
    const before = events.length;
    await openRunTask(session, [photos], { images: { side: 24 } });
    assertEquals(events.length, before);
    releaseContents();
  });
});
