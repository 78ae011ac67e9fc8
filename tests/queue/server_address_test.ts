import { assert, assertEquals, assertThrows } from "@std/assert";
import { namesServer, parseServerAddress, withoutPassword } from "../../src/queue/server_address.ts";
import { RunError } from "../../src/run/mod.ts";

Deno.test("an address is shown without its password", () => {
  assertEquals(withoutPassword("redis://:secret@host:6379/0"), "redis://:…@host:6379/0");
  assertEquals(withoutPassword("postgres://me:se:cret@host/db"), "postgres://me:…@host/db");
  assertEquals(withoutPassword("folder:a:b@c"), "folder:a:b@c");
});

Deno.test("an address names a server, or a folder", () => {
  for (const url of ["redis://h", "rediss://h", "postgres://h", "postgresql://h"]) assert(namesServer(url), url);
  for (const url of ["folder:redis", "http://h", "redis", ""]) assert(!namesServer(url), url);
});

Deno.test("an address is read into its parts", () => {
  const plain = { user: undefined, password: undefined, ca: undefined, tls: false, space: "rootstock" };
  assertEquals(parseServerAddress("redis://host"), {
    ...plain,
    kind: "redis",
    host: "host",
    port: 6379,
    database: "0",
  });
  assertEquals(parseServerAddress("rediss://:p%40ss@[::1]:7000/2?prefix=team_a&ca=a/b.pem"), {
    kind: "redis",
    host: "::1",
    port: 7000,
    user: undefined,
    password: "p@ss",
    database: "2",
    space: "team_a",
    tls: true,
    ca: "a/b.pem",
  });
  assertEquals(parseServerAddress("postgres://me:x@host/jobs?schema=team_a&sslmode=verify-full"), {
    ...plain,
    kind: "postgres",
    host: "host",
    port: 5432,
    user: "me",
    password: "x",
    database: "jobs",
    space: "team_a",
    tls: true,
  });
});

Deno.test("what is wrong with an address is said without its password", () => {
  const faults = {
    "redis://": "expected the name of a host",
    "redis://h/jobs": "expected one database",
    "redis://h?schema=a": "expected nothing after ? but prefix, ca",
    "redis://h?prefix=A:b": "expected prefix of small letters",
    "postgres://h?schema=a;drop": "expected schema of small letters",
    "postgres://h?sslmode=require": "expected sslmode verify-full",
    "redis://:…@h": "expected its password, which is kept nowhere",
  };
  for (const [url, message] of Object.entries(faults)) {
    assertThrows(() => parseServerAddress(url), RunError, message, url);
  }
  const error = assertThrows(() => parseServerAddress("postgres://me:secret@h/a/b"), RunError);
  assertEquals(error.message, "Cannot open queue postgres://me:…@h/a/b: expected one database after the host");
});
