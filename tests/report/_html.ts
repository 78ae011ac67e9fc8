import { assert, assertEquals } from "@std/assert";

/** Fails unless every element is closed and in its place. */
export function assertWellFormed(html: string): void {
  const open: string[] = [];
  const body = html.replace(/<style>.*?<\/style>/s, "");
  for (const [, slash, name, selfClosing] of body.matchAll(/<(\/?)([a-zA-Z][\w]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (selfClosing === "/" || name === "meta") continue;
    if (slash === "") open.push(name!);
    else assertEquals(open.pop(), name);
  }
  assertEquals(open, []);
}

/** Fails unless a page needs nothing else, has a drawing in words for each picture, and shows neither JSON nor paths. */
export function assertGoodPage(page: string): void {
  assert(page.startsWith("<!doctype html>"));
  assert(page.includes("default-src 'none'"));
  // Pictures are in the page itself.
  const rest = page.replaceAll(/<img src="data:image\/png;base64,[A-Za-z0-9+/]+=*"/g, "<picture");
  for (const forbidden of ["http://", "https://", "<script", "<link", "<img", "@import", " src=", " href="]) {
    assert(!rest.includes(forbidden), forbidden);
  }
  assert(!/NaN|undefined|Infinity/.test(rest), "a value that is none was drawn");
  assertWellFormed(page);
  const words = textOf(page);
  assert(!/[{}]|\[object|\["/.test(words), "JSON is shown");
  for (const [, heading] of page.matchAll(/<(?:title|h1|h2)>([^<]*)</g)) assert(!heading!.includes("/"), heading);
  assert(!/<p class="title">[^<]*\//.test(page), "a title is a path");
  const pictures = page.match(/<svg class="(chart|cell|leads) [^>]*>/g) ?? [];
  for (const picture of pictures) assert(/role="img"[^>]*aria-label="[^"]{10,}"/.test(picture), picture);
  assertEquals(page.match(/<h1>/g)?.length, 1);
}

/** What a reader sees of a page. */
export function textOf(page: string): string {
  return page.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]+>/g, " ").replace(/\u00a0/g, " ").replace(/\s+/g, " ");
}
