import { assertEquals } from "@std/assert";
import { DEFAULT_IMPORT } from "../../src/data/mod.ts";
import { importOf, openingFor } from "../../src/zoo/opening.ts";
import { toyModel } from "../export/_model.ts";

Deno.test("openingFor() prepares pictures as those that a network has learnt from", () => {
  const images = { ...DEFAULT_IMPORT, fit: "pad", side: 64 } as const;
  const onNotice = () => {};
  assertEquals(openingFor({ ...toyModel(), images }, { cache: "c", listener: { onNotice } }), {
    onNotice,
    cache: "c",
    import: images,
    like: { height: 9, width: 9, channels: 1 },
  });
  const { like } = openingFor({ ...toyModel(), mean: [0, 0, 0] });
  assertEquals(like?.channels, 3);
});

Deno.test("importOf() takes settings from the card, if there are any", () => {
  assertEquals(importOf({ recipe: { images: { side: 64 } } }), { side: 64 });
  for (const images of [undefined, null, 3, "pad"]) assertEquals(importOf({ recipe: { images } }), {});
});
