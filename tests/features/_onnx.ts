interface RightModel {
  readonly model: string;
  readonly pixels: string;
  readonly features: readonly number[];
}

const { side, images, weights, right, wrong } = JSON.parse(
  await Deno.readTextFile(new URL("../reference/fixtures/onnx.json", import.meta.url)),
) as {
  side: number;
  images: number;
  weights: number;
  right: Record<"maps" | "rows", RightModel>;
  wrong: readonly { model: string; message: string }[];
};

const decode = ({ model, pixels, features }: RightModel) => ({
  bytes: Uint8Array.fromBase64(model),
  pixels: Uint8Array.fromBase64(pixels),
  features,
});

/** What tests/reference/make_onnx_fixtures.py computed: tiny extractors, images of one size, and their features. */
export const ONNX = {
  side,
  images,
  /** Floating-point numbers in each model. */
  weights,
  /** Takes images of any size, in batches of any size; gives maps; tells its normalisation and multiply-adds. */
  maps: decode(right.maps),
  /** Takes two images of the size; gives rows; tells nothing. */
  rows: decode(right.rows),
  /** Models that cannot be used, with a part of the line that says so. */
  wrong: wrong.map(({ model, message }) => ({ bytes: Uint8Array.fromBase64(model), message })),
};
