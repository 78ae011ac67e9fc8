import { assertEquals, assertThrows } from "@std/assert";
import { queueHost } from "../../tools/queue_host.ts";

Deno.test("a task with a queue may reach its server alone", () => {
  assertEquals(queueHost("rediss://:secret@cache.example?prefix=a"), "cache.example:6379");
  assertEquals(queueHost("postgres://me:secret@[::1]:7000/jobs"), "[::1]:7000");
  for (const url of ["", "folder:a", "https://host"]) assertThrows(() => queueHost(url), Error, "names no server");
});
