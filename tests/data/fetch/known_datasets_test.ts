import { assert, assertEquals, assertMatch } from "@std/assert";
import { KNOWN_DATASETS, knownHosts } from "../../../src/data/fetch/known_datasets.ts";
import { embeddedNames } from "../../../src/data/registry.ts";

Deno.test("each known dataset has a name of its own, classes, a licence and files that can be verified", () => {
  const names = KNOWN_DATASETS.map(({ name }) => name);
  assert(names.length >= 12);
  assertEquals(new Set([...names, ...embeddedNames]).size, names.length + embeddedNames.length);
  for (const { name, files, info, images } of KNOWN_DATASETS) {
    assertMatch(name, /^[a-z0-9-]+$/);
    assert(files.length > 0 && images > 500 && info.licence !== "", name);
    assertEquals(new Set(info.classes).size, info.classes.length);
    for (const { name, addresses, checksum, bytes } of files) {
      assertMatch(name, /^[\w.-]+$/);
      assertMatch(checksum.hex, checksum.algorithm === "md5" ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/);
      assert(bytes > 0 && addresses.length > 0);
      // MD5 does not withstand forgery: what has nothing better must come over TLS.
      for (const address of addresses) assertMatch(address, checksum.algorithm === "md5" ? /^https:/ : /^https?:/);
    }
  }
});

Deno.test("task fetch may use the network, and only the hosts of the table", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const [, hosts] = /--allow-net=(\S+)/.exec(tasks.fetch.command)!;
  assertEquals(hosts!.split(","), knownHosts());
});
