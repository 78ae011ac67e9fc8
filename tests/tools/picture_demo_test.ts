import { assertEquals } from "@std/assert";
import { decode, encode } from "fast-png";
import { trimBottom } from "../../tools/picture_demo.ts";

Deno.test("trimBottom() cuts the empty rows off but for a margin, and leaves the others as they are", () => {
  const [width, height] = [4, 100];
  const data = new Uint8Array(width * height * 4).fill(255);
  // A dark pixel in the tenth row.
  data.fill(0, 9 * width * 4, 9 * width * 4 + 3);
  const picture = decode(trimBottom(encode({ width, height, channels: 4, data })));
  assertEquals([picture.width, picture.height, picture.channels], [4, 46, 3]);
  assertEquals([...picture.data.subarray(9 * width * 3, 9 * width * 3 + 4)], [0, 0, 0, 255]);
});

Deno.test("trimBottom() of a picture without empty rows is the same picture", () => {
  const data = new Uint8Array(2 * 2 * 3).map((_, i) => i);
  assertEquals(decode(trimBottom(encode({ width: 2, height: 2, channels: 3, data }))).data, data);
});
