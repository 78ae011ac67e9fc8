// An edge worker (Cloudflare's workerd) that names what a picture shows.
//
// Beside it lie the files of `deno task embed` and a network as `model.rootstock`; the worker's configuration imports `.rootstock` as
// data. The body of a request is the picture's pixels, four bytes each: POST /?width=32&height=32
import code from "./rootstock.wasm";
import network from "./model.rootstock";
import { load } from "./rootstock.js";

// Loaded by the first request and kept: a worker's start-up has little time.
let model;

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    const [width, height] = ["width", "height"].map((side) => Number(searchParams.get(side)));
    try {
      model ??= load(network, { module: code });
      const data = new Uint8Array(await request.arrayBuffer());
      return Response.json(await (await model).predict({ data, width, height }, { top: 3 }));
    } catch (error) {
      return Response.json({ error: error.message }, { status: 400 });
    }
  },
};
