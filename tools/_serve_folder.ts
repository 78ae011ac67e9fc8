/**
 * Serves the files of a folder, as any static server would, with the headers that a page of WebAssembly wants.
 *
 * @module
 */
import { POLICY } from "./_build_page.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  rootstock: "application/octet-stream",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** Nothing of other origins, nobody else's frame, shared memory, and files that are asked for anew. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-cache",
  "content-security-policy": `${POLICY}; frame-ancestors 'none'`,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), microphone=(), geolocation=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Answers a request with a file of a folder; there are no folders in it.
 *
 * @param folder The folder.
 * @param request What is asked for.
 * @returns The file with its type and the headers; or that there is none.
 */
export async function answerFrom(folder: string, { method, url }: Pick<Request, "method" | "url">): Promise<Response> {
  if (method !== "GET" && method !== "HEAD") return refuse(405, "only GET and HEAD");
  const { pathname } = new URL(url);
  const [, name = ""] = /^\/([\w-]+\.\w+)?$/.exec(pathname) ?? [, "?"];
  const file = name || "index.html";
  const type = TYPES[file.split(".").at(-1)!];
  const content = type === undefined ? undefined : await Deno.readFile(`${folder}/${file}`).catch(() => undefined);
  if (type === undefined || content === undefined) return refuse(404, "no such file");
  const headers = { ...HEADERS, "content-type": type, "content-length": String(content.length) };
  return new Response(method === "HEAD" ? null : content, { headers });
}

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { ...HEADERS, "content-type": "text/plain" } });
}
