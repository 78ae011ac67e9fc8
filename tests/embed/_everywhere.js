/**
 * What every runtime must say, in plain JavaScript: Deno runs it here, the others in tests_full/embed/.
 *
 * @module
 */

/**
 * A picture of waves, half of it more or less transparent; another one for each number.
 *
 * @param {number} width Pixels.
 * @param {number} height Pixels.
 * @param {number} number Which one.
 * @returns {{ data: Uint8Array<ArrayBuffer>, width: number, height: number }} RGBA.
 */
export function drawWaves(width, height, number = 0) {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const wave = (x * (number + 3) + y * (7 * number + 5)) % 256;
    data.set([wave, (2 * wave + 40 * number) % 256, 255 - wave, x < width / 2 ? 255 : (8 * y) % 256], 4 * i);
  }
  return { data, width, height };
}

/**
 * Logits of a network, and of what it becomes after an epoch of either stage of a finetuning, bit by bit.
 *
 * @param {import("../../src/embed/mod.ts").load} load The library's.
 * @param {Uint8Array | ArrayBuffer} bytes Network `gtsrb20` of the zoo.
 * @param {import("../../src/embed/mod.ts").LoadOptions} [options] What the runtime needs.
 * @returns {Promise<{ predicted: string[], learnt: string[], label: string, isSame: boolean }>} Logits in hexadecimal, one text a picture; the
 * likeliest class of the first picture; whether the finetuned network comes back from its file.
 */
export async function askEverything(load, bytes, options = {}) {
  const pictures = [[32, 32], [50, 40], [31, 97]].map(([width, height], i) => drawWaves(width, height, i));
  const lesson = Array.from({ length: 8 }, (_, i) => drawWaves(32, 32, i));
  const labels = lesson.map((_, i) => i % 2 === 0 ? "even" : "odd");
  const model = await load(bytes, options);
  const mine = await model.finetune(lesson, labels, { epochs: 1 });
  const learnt = (await mine.logits(pictures)).map(hexadecimal);
  const copy = await load(await mine.save(), options);
  const again = (await copy.logits(pictures)).map(hexadecimal);
  const [first] = await model.predict(pictures[0], { top: 1 });
  return {
    predicted: (await model.logits(pictures)).map(hexadecimal),
    learnt,
    label: first.label,
    isSame: String(again) === String(learnt),
  };
}

/** @param {Float32Array} numbers @returns {string} Their bytes. */
function hexadecimal(numbers) {
  const bytes = new Uint8Array(numbers.slice().buffer);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
